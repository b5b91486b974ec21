-- The night's register, what matters most first: severity, then money, the last day to act; with the budget or the anomaly
-- that it is of. What comes after the third of its kind is one row, of all the others: the largest's severity, the sum of
-- their money, the first day. Where the register could not be made, the night before's.
with register as (
    select *
    from risk
    where as_of = if(
        exists (from check_result where as_of = $as_of and name = 'decision risk' and rows > 0),
        (select max(as_of) from risk), $as_of
    )
),
placed as (
    select *, list_position(['high', 'medium', 'low'], severity) as place,
        row_number() over of_kind as place_in_kind, count(*) over (partition by kind) as of_kind
    from register
    window of_kind as (
        partition by kind
        order by list_position(['high', 'medium', 'low'], severity), abs(impact_usd) desc nulls last, act_by nulls last,
            service, subject
    )
),
alone as (
    select *, 1 as alike, [service] as services, if(owner is null, 0, 1) as owners
    from placed
    where place_in_kind <= 3 or of_kind = 4
),
together as (
    select kind, first(severity order by place) as severity, min(place) as place,
        sum(abs(impact_usd) order by place_in_kind) as impact_usd, min(act_by) as act_by,
        if(count(distinct owner) = 1 and count(*) = count(owner), any_value(owner), null) as owner,
        count(*) as alike, list(service order by place_in_kind) as services, count(distinct owner) as owners
    from placed
    anti join alone using (kind, service, subject)
    group by kind
),
shown as (
    select as_of, kind, service, subject, severity, place, impact_usd, probability, act_by, owner, evidence, alike, services, owners
    from alone
    union all by name
    select *, '' as service, '' as subject, '' as evidence
    from together
)
select r.kind, r.service, r.subject, r.severity, r.impact_usd, r.probability, r.act_by, r.owner, r.evidence,
    r.alike, r.services, r.owners, (select count(*) from register) as risks, b.period, b.period_start,
    b.budget::double as budget, b.spent::double as spent, b.forecast, b.currency, b.passed_on,
    a.metric, a.kind as anomaly, a.direction, a.cause, a.impact, a.from_utc
from shown r
left join budget_status b
    on r.kind = 'overrun' and b.as_of = r.as_of and b.name = r.service
        and r.subject in (
            budget_subject(b.scope, b.period, b.period_start, 1, b.currency),
            budget_subject(b.scope, b.period, b.period_start, 2, b.currency)
        )
left join anomaly a
    on r.kind = 'anomaly' and a.as_of = r.as_of and a.service = r.service
        and r.subject = a.metric || ' ' || strftime(a.from_utc, '%Y-%m-%d')
qualify row_number() over (partition by r.kind, r.service, r.subject order by abs(a.impact) desc, b.currency) = 1
order by r.place, r.alike > 1, abs(r.impact_usd) desc nulls last, r.act_by nulls last, r.kind, r.service, r.subject
limit 7
