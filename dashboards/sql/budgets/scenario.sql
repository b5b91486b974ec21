-- What each declared scenario would change of cost by month, beside the baseline and never mixed with it.
select scenario, service, period_start as month, unit as currency, baseline, result, change, change_lo80, change_hi80,
    change / nullif(baseline, 0) as change_ratio, assumption
from current_scenario_result
where measure = 'cost'
order by scenario, period_start, abs(change) desc, service, unit
limit 300
