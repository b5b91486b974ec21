-- What a unit costs now, where that goes, what it is aimed to be, and what next quarter's will be, the dearest first.
with ahead as (
    select service, currency, period_start, mean, lo80, hi80
    from unit_cost_forecast
    where as_of = (select max(as_of) from unit_cost_forecast) and period = 'q'
    qualify row_number() over (partition by service, currency order by period_start) = 1
),
day as (
    select service, currency, list(cost_per_million order by date) as days
    from unit_cost_day
    where is_settled and cost_per_million is not null and date >= $as_of - 63 and date < $as_of
    group by all
)
select u.service, s.team, u.unit, u.currency, u.unit_cost_28d * 1e6 as unit_cost_28d, u.trend_28d, abs(u.trend_28d) as trend_size, d.days,
    -- A cost that falls as use grows is no price of one more unit.
    if(u.marginal_unit_cost >= 0, u.marginal_unit_cost, null) * 1e6 as marginal_unit_cost, u.target_unit_cost * 1e6 as target_unit_cost, u.target_status,
    a.mean * 1e6 as next_quarter, a.lo80 * 1e6 as lo80, a.hi80 * 1e6 as hi80, u.telemetry_ratio, u.telemetry_status, nullif(u.non_production_cost, 0) as non_production_cost,
    nullif(u.idle_cost, 0) as idle_cost
from unit_cost_status u
left join service s using (service)
left join ahead a using (service, currency)
left join day d using (service, currency)
where u.as_of = (select max(as_of) from unit_cost_status)
order by u.currency, u.unit_cost_28d desc nulls last, u.service
limit 500
