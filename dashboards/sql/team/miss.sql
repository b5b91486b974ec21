-- Forecasts of a team's services that were more than 20 % off, the newest first, with all that is known of why.
select s.team, m.service, m.made_on, m.metric, m.grain, m.horizon_days, m.origin, m.wape, m.bias, m.causes, m.event,
    m.outage_hours, m.restated_ratio, m.level_ratio, count(*) over (partition by s.team) as all_misses
from forecast_miss m
join service s using (service)
where s.team in (select unnest($teams)) and m.made_on >= $as_of - 120
qualify row_number() over (
    partition by s.team order by m.made_on desc, m.wape desc, m.service, m.metric, m.grain, m.horizon_days
) <= 15
order by s.team, m.made_on desc, m.wape desc, m.service, m.metric, m.grain, m.horizon_days
