-- Load that is gone and has not come back: which, since when, and how to say it.
select service || ' | ' || metric as subject,
    metric || ' of ' || service || ' is gone since ' || strftime(from_utc, '%Y-%m-%d %H:%M') || ' UTC' as line
from series_break
where kind = 'outage' and is_open
order by service, metric
