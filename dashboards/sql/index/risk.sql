-- The night's register, what matters most first: severity, then what is not the fourth of its kind, money, the last day
-- to act; with the budget or the anomaly that it is of. Where the register could not be made, the night before's.
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
        row_number() over (
            partition by kind, severity order by abs(impact_usd) desc nulls last, act_by nulls last, service, subject
        ) as place_in_kind
    from register
)
select r.kind, r.service, r.subject, r.severity, r.impact_usd, r.probability, r.act_by, r.owner, r.evidence, r.first_seen,
    r.trend_week, count(*) over () as risks, b.period, b.period_start, b.budget::double as budget, b.spent::double as spent,
    b.forecast, b.currency, b.passed_on, a.metric, a.kind as anomaly, a.direction, a.cause, a.impact, a.from_utc
from placed r
left join budget_status b
    on r.kind = 'overrun' and b.as_of = r.as_of and b.name = r.service
        and r.subject = b.scope || ' ' || b.period || ' ' || b.period_start
left join anomaly a
    on r.kind = 'anomaly' and a.as_of = r.as_of and a.service = r.service
        and r.subject = a.metric || ' ' || strftime(a.from_utc, '%Y-%m-%d')
qualify row_number() over (partition by r.kind, r.service, r.subject order by abs(a.impact) desc, b.currency) = 1
order by r.place, r.place_in_kind > 3, abs(r.impact_usd) desc nulls last, r.act_by nulls last, r.kind, r.service, r.subject
limit 7
