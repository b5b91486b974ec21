-- Load that is gone and has not come back: which, since when, and how to say it. Found in hours and in days it is one.
select service || ' | ' || metric as subject,
    metric || ' of ' || service || ' is gone since ' || strftime(min(from_utc), '%Y-%m-%d %H:%M') || ' UTC' as line
from series_break
where kind = 'outage' and is_open and not is_cost(metric)
group by service, metric
order by service, metric
