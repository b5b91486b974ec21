-- Hours of load that are missing in the last half year, by source and cause.
select source, cause, count(distinct (service, metric)) as series, count(*) as gaps, sum(hours)::bigint as hours,
    max(hours) as longest_hours, count(*) filter (where to_utc is null) as still_missing
from load_gap
group by all
order by still_missing desc, hours desc, source, cause
