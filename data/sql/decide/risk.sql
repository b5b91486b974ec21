-- The register of the night: what may go wrong, who owns it, by when to act; and how it compares with the nights before.
-- Severity: high is to be acted on now, medium planned, low known.
with usd as (
    select from_currency as currency, arg_max(rate, date) as rate
    from exchange_rate
    where to_currency = 'USD' and date < $as_of
    group by all
    union
    select 'USD', 1.0
),
breach as (
    select if(a.at_limit_since is not null, 'saturation', 'breach') as kind, a.service, a.metric as subject,
        case
            when a.level in ('over', 'late') and coalesce(s.tier, 2) <= 1 then 'high'
            when a.level in ('over', 'late') or coalesce(s.tier, 2) = 0 then 'medium'
            else 'low'
        end as severity,
        a.usd_month as impact_usd, if(a.level = 'over', 1.0, a.probability_90d) as probability,
        coalesce(order_day(a.level, a.act_by, a.add_by), a.planned_date, a.p50_date) as act_by, s.team as owner,
        case
            when a.at_limit_since is not null then format('{:s} stands at a ceiling since {:s}', a.metric, a.at_limit_since::date::varchar)
            when a.level = 'over' then format('{:s} was {:.0f} % of its limit', a.metric, 100 * a.fullness_ratio)
            else coalesce(  -- a night that looks less than 90 days ahead has no probability
                format('{:s} reaches its limit within 90 days with probability {:.0f} %', a.metric, 100 * a.probability_90d),
                format('{:s} reaches its limit, to act by {:s}', a.metric, a.act_by::varchar),
                a.metric || ' comes near its limit'
            )
        end || '; see advice' as evidence,
        null::date as seen
    from advice a
    left join service s using (service)
    where a.as_of = $as_of and a.level in ('over', 'late', 'act')
),
overrun as (
    select 'overrun' as kind, b.name as service,
        budget_subject(b.scope, b.period, b.period_start, b.currencies, b.currency) as subject,
        case
            when b.probability_over >= 0.9 and b.forecast > 1.1 * b.budget::double then 'high'
            when b.probability_over >= 0.5 then 'medium'
            else 'low'
        end as severity,
        greatest(b.forecast - b.budget::double, 0) * u.rate as impact_usd, b.probability_over as probability,
        if(b.passed_on >= $as_of, b.passed_on, null) as act_by,
        case b.scope when 'team' then b.name else s.team end as owner,
        format(
            '{:.0f} of {:.0f} {:s} are spent and {:.0f} are forecast; see budget_status', b.spent, b.budget::double, b.currency,
            b.forecast
        ) as evidence,
        null::date as seen
    from (
        select *, count(*) over (partition by scope, name, period, period_start) as currencies
        from budget_status
        where as_of = $as_of
    ) b
    left join usd u using (currency)
    left join service s on b.scope = 'service' and s.service = b.name
    where not b.is_final and b.period_start <= $as_of and b.probability_over >= 0.3
),
anomalous as (
    select 'anomaly' as kind, a.service, a.metric || ' ' || strftime(a.from_utc, '%Y-%m-%d') as subject,
        case
            when abs(a.impact) * u.rate >= 1000 or (u.rate is null and a.cause = 'outage') then 'high'
            when abs(a.impact) * u.rate >= 100 or u.rate is null then 'medium'
            else 'low'
        end as severity,
        abs(a.impact) * u.rate as impact_usd, 1.0 as probability, null::date as act_by, s.team as owner,
        format('{:s} {:s} since {:s}, {:s} ', a.kind, a.direction, a.from_utc::date::varchar, a.cause)
            || format('({:+.0f} {:s}); see anomaly', a.impact, a.unit) as evidence,
        a.first_seen as seen
    from anomaly a
    left join usd u on u.currency = a.unit
    left join service s using (service)
    where a.as_of = $as_of and a.to_utc is null and not a.is_muted
),
inaccurate as (
    select 'accuracy' as kind, f.service, f.metric || ' ' || f.grain as subject,
        if(abs(f.error_ratio) > 0.5, 'medium', 'low') as severity,
        if(starts_with(f.metric, 'cost_'), abs(f.forecast - f.actual) * u.rate, null) as impact_usd,
        1.0 as probability, null::date as act_by, s.team as owner,
        format('{:s} was {:+.0f} % off in {:s}; see forecast_status', f.metric, 100 * f.error_ratio, strftime(f.month, '%Y-%m')) as evidence,
        null::date as seen
    from forecast_status f
    left join service s using (service)
    left join usd u on u.currency = upper(replace(f.metric, 'cost_', ''))
    where f.is_whole and f.is_stable and f.status = 'miss' and f.month < $as_of
        and f.month >= date_trunc('month', $as_of::date) - interval 1 month
    qualify row_number() over (partition by f.service, f.metric, f.grain order by f.month desc, f.origin = 'live' desc) = 1
),
stale as (
    select 'stale source' as kind, source as service, kind as subject, if(state = 'failed', 'high', 'medium') as severity,
        null::double as impact_usd, 1.0 as probability, null::date as act_by, null::varchar as owner,
        coalesce(error, format('nothing new for {:.0f} hours', age_hours)) || '; see source_state' as evidence,
        null::date as seen
    from source_state
    where as_of = $as_of and state in ('stale', 'failed')
),
settled as (
    select currency, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
owned as (
    select c.currency, sum(c.effective_cost::double order by c.service, c.date, c.component)
            filter (where c.service = '(unallocated)') as unowned,
        sum(c.effective_cost::double order by c.service, c.date, c.component) as whole
    from cost_service_day c
    join settled s on s.currency = c.currency and c.date <= s.last_day and c.date > s.last_day - 28
    where c.component not in ('tax', 'credit')
    group by all
),
ownerless as (
    select 'no owner' as kind, '(unallocated)' as service, o.currency as subject,
        if(o.unowned > 0.15 * o.whole, 'high', 'medium') as severity, o.unowned / 28 * 30.4 * u.rate as impact_usd,
        1.0 as probability, null::date as act_by, null::varchar as owner,
        format('{:.0f} % of four weeks have no owner; see unallocated_cause', 100 * o.unowned / o.whole) as evidence,
        null::date as seen
    from owned o
    left join usd u using (currency)
    where o.whole > 0 and o.unowned > 0.05 * o.whole
),
saved as (
    -- What commitments took off list price, for each unit of money that they cost, in the newest month of which enough is known.
    select provider, currency, sum(saving)::double / nullif(sum(owned_cost)::double, 0) as ratio
    from (
        select *, month = max(month) over (partition by provider, currency) as is_newest
        from commitment_month
        where days >= 7
    )
    where is_newest
    group by all
),
expiring as (
    select 'commitment expiring' as kind, coalesce(c.provider, c.source) as service, c.commitment_id as subject,
        if(c.end_utc < $as_of + interval 30 days, 'high', 'medium') as severity,
        greatest(s.ratio, 0) * c.hourly_commitment::double * 730 * u.rate as impact_usd, 1.0 as probability,
        c.end_utc::date as act_by, null::varchar as owner,
        format('ends on {:s}', c.end_utc::date::varchar) || coalesce(
            format('; without it what it covers costs {:.0f} {:s} a month more', nullif(greatest(s.ratio, 0), 0) * c.hourly_commitment::double * 730, c.currency),
            ''
        ) || '; see commitment' as evidence,
        null::date as seen
    from commitment c
    left join usd u using (currency)
    left join saved s using (provider, currency)
    where c.end_utc >= $as_of and c.end_utc < $as_of + interval 90 days
),
unused as (
    select 'commitment unused' as kind, m.provider as service, m.scope || ' ' || m.currency as subject,
        if(m.utilisation < 0.8, 'high', 'medium') as severity,
        m.unused_cost::double / m.days * 30.4 * u.rate as impact_usd, 1.0 as probability, null::date as act_by,
        null::varchar as owner,
        format(
            '{:.0f} % of what is committed was used in {:s}; see commitment_month', 100 * m.utilisation,
            strftime(m.month, '%Y-%m')
        ) as evidence,
        null::date as seen
    from commitment_month m
    left join usd u using (currency)
    where m.utilisation < 0.95 and m.days >= 7
    qualify m.month = max(m.month) over ()
),
found as (
    from breach
    union all from overrun
    union all from anomalous
    union all from inaccurate
    union all from stale
    union all from ownerless
    union all from expiring
    union all from unused
),
night as (
    select max(as_of) filter (where as_of < $as_of) as before, max(as_of) filter (where as_of <= $as_of - 7) as week_ago
    from risk
)
select $as_of as as_of, f.kind, f.service, f.subject, f.severity, f.impact_usd, f.probability, f.act_by, f.owner,
    f.evidence, least(coalesce(f.seen, $as_of), coalesce(b.first_seen, $as_of)) as first_seen,
    case
        when w.kind is null then 'new'
        when coalesce(f.impact_usd, f.probability) > 1.1 * coalesce(w.impact_usd, w.probability) then 'up'
        when coalesce(f.impact_usd, f.probability) < 0.9 * coalesce(w.impact_usd, w.probability) then 'down'
        else 'level'
    end as trend_week
from found f
cross join night n
left join risk b on b.as_of = n.before and b.kind = f.kind and b.service = f.service and b.subject = f.subject
left join risk w on w.as_of = n.week_ago and w.kind = f.kind and w.service = f.service and w.subject = f.subject
qualify row_number() over (partition by f.kind, f.service, f.subject order by f.impact_usd desc nulls last) = 1
