-- Where a service's load or cost left what it was: what is open first, then the newest.
select service, metric, kind, grain, from_utc, to_utc, case when is_open then 'open' when kind in ('step', 'ramp') then 'new level' when kind = 'variance' then 'new spread' else 'over' end as state,
    factor - 1 as change_ratio, if(evidence is null, 'declared', 'found') as origin, count(*) over (partition by service) as all_breaks
from series_break
where service in (select unnest($services))
qualify row_number() over (partition by service order by is_open desc, from_utc desc, metric, grain, kind) <= 15
order by service, is_open desc, from_utc desc, metric, grain, kind
