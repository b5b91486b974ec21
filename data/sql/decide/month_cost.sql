-- What a service cost and will cost by calendar month of use: the newest night's. A month that the night forecast as a
-- whole is taken from it. Else a month is the sum of its daily forecasts, with the settled days of the month under way;
-- its days between the last settled one and as_of count at the mean of the next seven forecast days. Such a sum has no
-- interval: intervals of days do not add up.
with cost as (
    from cost_service_day
    where date < $as_of
),
cost_and_total as (
    -- The whole bill is forecast as a service of its own; its settled days are those of all services.
    select service, currency, date, component, effective_cost, is_settled from cost
    union all
    select '(total)', currency, date, component, effective_cost, is_settled from cost
),
spent as (
    select service, currency, date_trunc('month', date)::date as month,
        sum(effective_cost) filter (where is_run_rate(component)) as usage_cost,
        sum(effective_cost) filter (where is_run_rate(component) and is_settled) as settled_usage_cost,
        sum(effective_cost) filter (where component = 'tax') as tax_cost,
        sum(effective_cost) filter (where component = 'credit') as credit_cost,
        sum(effective_cost) filter (where component = 'support') as support_cost,
        sum(effective_cost) as total_cost
    from cost_and_total
    group by all
),
ahead as (
    select service, metric_currency(metric) as currency, grain, target_time::date as date, mean, lo80, hi80
    from current_forecast
    where is_cost(metric) and grain in ('d', 'm')
),
run_rate as (
    select service, currency, avg(mean) as mean
    from ahead
    where grain = 'd' and date >= $as_of and date < $as_of + 7
    group by all
),
ahead_month as (
    select service, currency, date_trunc('month', date)::date as month, sum(mean) as mean, count(*) as days
    from ahead
    where grain = 'd' and date >= $as_of
    group by all
),
day_sum as (
    select a.service, a.currency, a.month, a.mean
        + case
            when a.month >= $as_of then 0
            else coalesce(p.settled_usage_cost, 0)::double
                + r.mean * greatest(date_diff('day', greatest(t.settled_until + 1, a.month), $as_of), 0)
        end as mean
    from ahead_month a
    left join spent p using (service, currency, month)
    left join run_rate r using (service, currency)
    left join settled_until($as_of) t using (currency)
    where a.days = date_diff('day', greatest(a.month, $as_of), (a.month + interval 1 month)::date)
),
predicted as (
    select coalesce(m.service, d.service) as service, coalesce(m.currency, d.currency) as currency,
        coalesce(m.date, d.month) as month, coalesce(m.mean, d.mean) as forecast_cost,
        m.lo80 as forecast_lo80, m.hi80 as forecast_hi80
    from (select * from ahead where grain = 'm') m
    full join day_sum d on d.service = m.service and d.currency = m.currency and d.month = m.date
)
select service, currency, month,
    -- The whole bill's own row is there for its forecast: its cost would be counted twice in sums over services.
    case when service <> '(total)' then usage_cost end as usage_cost,
    case when service <> '(total)' then tax_cost end as tax_cost,
    case when service <> '(total)' then credit_cost end as credit_cost,
    case when service <> '(total)' then support_cost end as support_cost,
    case when service <> '(total)' then total_cost end as total_cost,
    forecast_cost, forecast_lo80, forecast_hi80
from spent
full join predicted using (service, currency, month)
