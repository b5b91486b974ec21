-- The nights that a back-fill has done since it last came to its end, by one version of the program.
with ended as (
    select max(started_at) as ended_at from night where backfill = $name || ' end' and state = 'done'
)
select distinct n.as_of
from night n, ended e
where n.backfill = $name
    and n.state = 'done'
    and n.version = $version
    and (e.ended_at is null or n.started_at > e.ended_at)
order by n.as_of
