-- severity: stop
-- two sources deliver the same series: take it out of one, or rename its metric there
with suspect as (
    -- A day has a bit for each of its hours: far fewer groups than hours, and more rows than bits say that one is twice.
    select service, metric, hour_utc::date as date
    from utilization_hour
    group by all
    having count(*) > bit_count(bit_or(1::integer << extract(hour from hour_utc)::integer))
)
select service, metric, hour_utc, string_agg(source, ' and ' order by source) as sources
from utilization_hour
where (service, metric, hour_utc::date) in (select (service, metric, date) from suspect)
group by all
having count(*) > 1
order by all
limit 100
