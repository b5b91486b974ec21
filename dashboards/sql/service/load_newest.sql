-- When each service was last measured.
select service, max(hour_utc) + interval 1 hour as newest_utc
from utilization_hour
where service in (select unnest($services))
group by all
order by service
