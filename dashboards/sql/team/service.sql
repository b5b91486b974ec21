-- A team's services: how full, what they cost in the month under way, what a million requests cost.
with fullest as (
    select service, metric, peak_now / nullif(limit_value, 0) as fullness_ratio, p50_date, act_by
    from current_headroom
    qualify row_number() over (
        partition by service order by act_by nulls last, peak_now / nullif(limit_value, 0) desc nulls last, metric
    ) = 1
),
unit as (
    select service, sum(cost_usd)::double * 1e6 / nullif(sum(requests), 0) as cost_per_million_usd
    from unit_cost_day
    where is_settled and cost_per_million_usd is not null and date < $as_of and date >= $as_of - 33
    group by all
)
select s.team, s.service, s.tier, f.metric, f.fullness_ratio, f.p50_date, f.act_by, m.currency, m.usage_cost,
    m.forecast_cost, u.cost_per_million_usd, s.target_cost_per_million_usd
from service s
left join fullest f using (service)
left join (select * from month_cost where month = $month) m using (service)
left join unit u using (service)
where s.team in (select unnest($teams))
order by s.team, abs(m.forecast_cost) desc nulls last, s.service, m.currency
