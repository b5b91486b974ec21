-- Requests by service and day, where the day was measured whole.
select u.service, s.team, s.request_metric, date_trunc('month', u.date)::date as month, day(u.date) as day, u.requests
from unit_cost_day u
join service s using (service)
where u.requests is not null and u.is_complete and u.date < $as_of
order by u.service, u.date
