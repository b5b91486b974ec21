-- The gaps themselves: what is still missing first, then the longest.
select service, metric, source, from_utc, to_utc, case when to_utc is null then 'still missing' end as state, hours, cause, count(*) over () as all_gaps
from load_gap
where not is_habit
order by to_utc is not null, hours desc, from_utc desc, service, metric, source
limit 50
