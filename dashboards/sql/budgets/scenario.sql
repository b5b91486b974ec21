-- What each declared scenario would change of cost by month, of everything, of teams and of services; beside the baseline
-- and never mixed with it.
select scenario, scope, if(scope = 'team', service, null) as team, if(scope = 'service', service, null) as service,
    period_start as month, unit as currency, baseline, result, change, change_lo80, change_hi80,
    change / nullif(baseline, 0) as change_ratio, assumption
from current_scenario_result
where measure = 'cost'
order by scenario, period_start, scope = 'service', scope = 'team', abs(change) desc, current_scenario_result.service, unit
limit 300
