-- How a unit's cost moved between the two newest months: the effect of load beside the effect of cost.
select service, currency, month, unit_cost_before * 1e6 as unit_cost_before, unit_cost_after * 1e6 as unit_cost_after,
    unit_cost_after / nullif(unit_cost_before, 0) - 1 as change_ratio,
    requests_after / days_after / nullif(requests_before / days_before, 0) - 1 as load_ratio,
    (cost_after / days_after / nullif(cost_before / days_before, 0))::double - 1 as cost_ratio, sentence
from unit_cost_change
where scope = 'service' and unit_cost_after is not null and unit_cost_before is not null
qualify month = max(month) over (partition by currency)
order by abs(unit_cost_after / nullif(unit_cost_before, 0) - 1) desc nulls last, service, currency
limit 200
