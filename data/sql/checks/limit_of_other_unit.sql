-- severity: warn
-- a limit and its load are likely of different units, a share (0.8) and per cent (80): say the limit in the unit of the load
with level as (
    select u.service, u.metric, median(u.value_max) as middle, max(u.value_max) as highest
    from utilization_judged u
    left join metric m using (metric)
    where u.flag is null and u.hour_utc >= $as_of - interval 28 days and u.hour_utc < $as_of
        and m.kind is distinct from 'count'
    group by all
)
select l.service, l.metric, l.limit_value, v.highest
from limit_in_force($as_of) l
join level v using (service, metric)
where (is_share(l.limit_value) and v.middle > 2)
    or (l.limit_value between 20 and 100 and v.highest <= 1 and v.middle > 0.05)
order by all
