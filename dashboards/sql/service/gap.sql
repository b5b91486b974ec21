-- Where a service's load is missing: what still is first, then the newest.
select service, metric, source, from_utc, to_utc,
    case when to_utc is null then 'still missing' end as state, hours, cause, count(*) over (partition by service) as all_gaps,
    sum(hours) over (partition by service)::bigint as all_hours
from load_gap
where service in (select unnest($services)) and not is_habit
qualify row_number() over (partition by service order by to_utc is not null, from_utc desc, metric, source) <= 15
order by service, to_utc is not null, from_utc desc, metric, source
