-- severity: stop
-- two sources deliver the same series: take it out of one, or rename its metric there
select service, metric, hour_utc, string_agg(source, ' and ' order by source) as sources
from utilization_hour
group by all
having count(*) > 1
order by all
limit 100
