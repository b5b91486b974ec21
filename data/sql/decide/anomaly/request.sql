-- Requests by day where a day was measured whole: what cost may follow.
select service, list(date order by date) as date, list(requests order by date) as requests
from unit_cost_day
where date < $as_of and date >= $as_of - 210 and requests is not null and is_complete
group by all
order by service
