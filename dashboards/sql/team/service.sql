-- A team's services: how full, what they cost in the month under way, what a million requests cost.
with fullest as (
    select service, metric, peak_now / nullif(limit_value, 0) as fullness_ratio, p50_date, act_by
    from current_headroom
    qualify row_number() over (
        partition by service order by act_by nulls last, peak_now / nullif(limit_value, 0) desc nulls last, metric
    ) = 1
),
unit as (
    select service, currency, unit, unit_cost_28d * 1e6 as unit_cost_28d, target_unit_cost * 1e6 as target_unit_cost
    from current_unit_cost_status
    qualify row_number() over (partition by service order by target_status nulls last, currency) = 1
)
select s.team, s.service, s.tier, f.metric, f.fullness_ratio, f.p50_date, f.act_by, m.currency, m.usage_cost,
    m.forecast_cost, u.unit_cost_28d, u.target_unit_cost, u.unit, u.currency as unit_currency
from service s
left join fullest f using (service)
left join (select * from month_cost where month = $month) m using (service)
left join unit u using (service)
where s.team in (select unnest($teams))
order by s.team, abs(m.forecast_cost) desc nulls last, s.service, m.currency
