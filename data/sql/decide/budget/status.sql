-- Every budget and period of it that has not been final for long: what is spent of it, when it was or will be passed, and
-- what was forecast of it about a month ago. Cost is of use, without tax, credit, support. A period is final once every
-- day of it is settled.
with period as (
    select b.scope, b.name, b.period, b.currency, b.amount as budget, p.period_start,
        (p.period_start + case b.period when 'm' then interval 1 month when 'q' then interval 3 months
            else interval 1 year end)::date as period_end
    from budget b
    join budget_period($month, $fiscal_year_starts) p using (period)
    where p.period_start >= b.valid_from and (b.valid_until is null or p.period_start < b.valid_until)
        -- What was over and had begun before the bills do is not known.
        and (period_end > $month or p.period_start >= coalesce((select min(date) from cost_service_day), p.period_start))
),
known as (
    -- The first day that is forecast: what is before it is settled.
    select metric_currency(metric) as currency, min(first_time)::date as known_until
    from forecast_path_day
    where made_on = $as_of and is_cost(metric)
    group by all
),
cost as (
    from budget_cost($as_of)
),
spent as (
    select p.scope, p.name, p.period, p.currency, p.period_start,
        sum(c.cost order by c.date, c.bill_currency) filter (where c.date < coalesce(k.known_until, $as_of) and c.is_settled) as spent
    from period p
    join cost c
        on c.scope = p.scope and c.name = p.name and c.currency = p.currency and c.date >= p.period_start
        and c.date < p.period_end
    left join known k on k.currency = c.bill_currency
    group by all
),
settled as (
    select c.scope, c.name, c.currency, min(u.settled_until) as settled_until
    from (select distinct scope, name, currency, bill_currency from cost) c
    join settled_until($as_of) u on u.currency = c.bill_currency
    group by all
),
ahead as (
    select m.scope, m.name, m.currency, p.first_time::date + day.number::integer as date,
        sum(m.weight * p.mean[day.number + 1] order by m.service, m.metric) as cost
    from budget_member($as_of) m
    join forecast_path_day p on p.made_on = $as_of and p.service = m.service and p.metric = m.metric,
        (select unnest(range(0, 800)) as number) as day
    where day.number < len(p.mean)
    group by all
),
daily as (
    select scope, name, currency, date, sum(cost order by cost) as cost
    from (
        select c.scope, c.name, c.currency, c.date, c.cost
        from cost c
        left join known k on k.currency = c.bill_currency
        where c.date < coalesce(k.known_until, $as_of) and c.is_settled
        union all
        select scope, name, currency, date, cost from ahead
    )
    group by all
),
running as (
    select p.scope, p.name, p.period, p.currency, p.period_start, p.budget, d.date,
        sum(d.cost) over (
            partition by p.scope, p.name, p.period, p.currency, p.period_start order by d.date
        ) as cost
    from period p
    join daily d
        on d.scope = p.scope and d.name = p.name and d.currency = p.currency and d.date >= p.period_start
        and d.date < p.period_end
),
passed as (
    select scope, name, period, currency, period_start, min(date) as passed_on
    from running
    where cost > budget
    group by all
),
month_ago as (
    select max(made_on) as made_on
    from forecast
    where origin = 'live' and grain = 'm' and made_on >= $as_of - 35 and made_on <= $as_of - 28
),
before as (
    select m.scope, m.name, m.currency, f.grain as period, f.target_time::date as period_start,
        sum(m.weight * f.mean order by m.service, m.metric) as forecast_last_month
    from budget_member($as_of) m
    join forecast f on f.service = m.service and f.metric = m.metric
    join month_ago a using (made_on)
    where f.origin = 'live' and f.grain in ('m', 'q')
    group by all
)
select p.scope, p.name, p.period, p.period_start, p.currency, p.budget, coalesce(s.spent, 0)::double as spent,
    t.settled_until, coalesce(t.settled_until >= p.period_end - 1, false) as is_final, d.passed_on,
    b.forecast_last_month
from period p
left join spent s using (scope, name, period, currency, period_start)
left join settled t using (scope, name, currency)
left join passed d using (scope, name, period, currency, period_start)
left join before b using (scope, name, period, currency, period_start)
order by p.scope, p.name, p.period, p.period_start, p.currency
