-- Hours of the last 28 days in which both the requests and the use of a service are known, put together by how many
-- requests they had: at most 50 points a series.
with recent as (
    select u.service, u.metric, u.hour_utc, u.value_sum, u.value_avg, coalesce(m.kind, 'gauge') as kind
    from utilization_judged u
    left join metric m using (metric)
    where u.flag is null and u.hour_utc >= $as_of - interval 28 days and u.hour_utc < $as_of
),
pair as (
    select r.service, u.metric, r.metric as request_metric, r.value_sum as requests, u.value_avg as use,
        ntile(50) over (partition by r.service, u.metric order by r.value_sum, r.hour_utc) as part
    from recent r
    join service s on s.service = r.service and s.request_metric = r.metric
    join recent u on u.service = r.service and u.hour_utc = r.hour_utc and u.kind = 'gauge'
    where r.value_sum > 0 and u.value_avg is not null
),
point as (
    select service, metric, request_metric, part, avg(requests order by requests, use) as requests,
        avg(use order by requests, use) as uses, count(*) as hours
    from pair
    group by all
)
select service, metric, request_metric, list(requests order by part) as requests, list(uses order by part) as uses,
    list(hours order by part) as hours
from point
group by all
having min(requests) < max(requests)
order by service, metric
