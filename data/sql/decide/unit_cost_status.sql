-- What a unit costs now, of settled days on which units were measured whole; and where that goes.
with day as (
    select u.service, u.currency, u.date, u.cost::double as cost, u.requests, s.request_metric, s.target_cost_per_million_usd,
        date_diff('day', u.date, max(u.date) over ()) as age
    from unit_cost_day u
    join service s using (service)
    where u.is_settled and u.is_complete and u.requests > 0 and u.cost is not null and s.request_metric is not null
        and u.date < $as_of
),
unit as (
    select service, currency, any_value(request_metric) as unit,
        if(currency = 'USD', any_value(target_cost_per_million_usd) / 1e6, null) as target_unit_cost,
        sum(cost order by date) filter (where age < 7)
            / nullif(sum(requests order by date) filter (where age < 7), 0) as unit_cost_7d,
        -- A trend is against a week or four that were measured, not against some days of them.
        if(count(*) filter (where age >= 7 and age < 14) >= 5,
            sum(cost order by date) filter (where age >= 7 and age < 14)
                / nullif(sum(requests order by date) filter (where age >= 7 and age < 14), 0), null) as before_7d,
        sum(cost order by date) filter (where age < 28) / nullif(sum(requests order by date) filter (where age < 28), 0) as unit_cost_28d,
        if(count(*) filter (where age >= 28 and age < 56) >= 20,
            sum(cost order by date) filter (where age >= 28 and age < 56)
                / nullif(sum(requests order by date) filter (where age >= 28 and age < 56), 0), null) as before_28d,
        sum(cost order by date) filter (where age < 56) / nullif(sum(requests order by date) filter (where age < 56), 0) as mean_unit_cost,
        case
            when count(*) filter (where age < 56) >= 14
                and stddev_pop(requests order by date) filter (where age < 56) > 0.02 * avg(requests order by date) filter (where age < 56)
                then regr_slope(cost, requests order by date) filter (where age < 56)
        end as marginal_unit_cost
    from day
    group by service, currency
    having min(age) < 56
),
non_production as (
    select c.service, c.currency, sum(c.effective_cost)::decimal(38, 12) as cost
    from cost_day c
    where (
            c.account in (select account from non_production_account)
            or regexp_replace(lower(c.environment), '[^0-9a-z]', '', 'g') in (select environment from non_production_environment)
        )
        and c.charge_category = 'Usage' and c.charge_date < $as_of
        and c.charge_date > (select max(date) from day) - 28 and c.charge_date <= (select max(date) from day)
    group by c.service, c.currency
),
component as (
    select service, currency, sum(effective_cost) filter (where component = 'telemetry') as telemetry,
        sum(effective_cost) filter (where is_run_rate(component)) as whole,
        sum(effective_cost) filter (where component in ('commitment_unused', 'split_unused')) as idle
    from cost_service_day c
    where is_settled and date < $as_of
        and date > (select max(date) from day) - 28
    group by service, currency
)
select $as_of as as_of, u.service, u.unit, u.currency, u.unit_cost_7d, u.unit_cost_28d,
    u.unit_cost_7d / nullif(u.before_7d, 0) - 1 as trend_7d, u.unit_cost_28d / nullif(u.before_28d, 0) - 1 as trend_28d,
    u.mean_unit_cost, u.marginal_unit_cost, u.target_unit_cost,
    case
        when u.target_unit_cost is null or u.unit_cost_28d is null then null
        when u.unit_cost_28d > u.target_unit_cost then 'missed'
        when f.mean > u.target_unit_cost then 'at risk'
        else 'met'
    end as target_status,
    (c.telemetry / nullif(c.whole, 0))::double as telemetry_ratio, b.telemetry_ratio as telemetry_budget_ratio,
    case when c.telemetry is not null then if(c.telemetry > b.telemetry_ratio * c.whole, 'over', 'within') end
        as telemetry_status,
    case when exists (from non_production_account) or exists (from cost_day where environment is not null) then coalesce(n.cost, 0)::decimal(38, 12) end as non_production_cost,
    coalesce(c.idle, 0)::decimal(38, 12) as idle_cost
from unit u
left join component c using (service, currency)
left join unit_cost_forecast f
    on f.as_of = $as_of and f.service = u.service and f.period = 'm' and f.currency = u.currency
left join unit_cost_budget b on b.service = u.service
left join non_production n using (service, currency)
