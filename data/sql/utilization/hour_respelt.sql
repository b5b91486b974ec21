-- Hours that are stored under another spelling, under the catalog's: where both are there they are put together.
with renamed as (
    select coalesce(s.service, u.service) as service, u.* exclude (service)
    from utilization_hour u
    left join spelling s on s.spelt = lower(u.service)
    where s.service <> u.service
        or u.service in (
            select s.service from spelling s join (select distinct service from utilization_hour) d
                on lower(d.service) = s.spelt and d.service <> s.service
        )
)
select service, metric, hour_utc, sum(value_sum order by value_sum) / sum(samples) as value_avg,
    max(value_max) as value_max, max(value_p95) as value_p95, sum(value_sum order by value_sum) as value_sum,
    sum(samples)::bigint as samples, source
from renamed
group by service, metric, hour_utc, source
