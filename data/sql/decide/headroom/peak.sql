-- How full each series has been in the last 30 days: a month has its cycles in it.
select u.service, u.metric, $as_of - 30 as peak_since,
    max(case when m.kind = 'count' then u.value_sum else u.value_max end) as peak_now
from utilization_judged u
left join metric m using (metric)
where u.flag is null and u.hour_utc >= $as_of - interval 30 days and u.hour_utc < $as_of
group by all
