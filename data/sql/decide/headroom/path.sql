-- Futures of the daily peaks of every series that has a limit, and the limit in force.
select p.* exclude (made_on), l.limit_value, l.lead_time_days, s.tier
from forecast_path_day p
join limit_in_force($as_of) l using (service, metric)
join service s using (service)
where p.made_on = $as_of
order by p.service, p.metric
