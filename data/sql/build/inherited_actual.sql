-- What services that go on with others were, and what those were before: counts and cost by their shares; a gauge as it
-- was, of several the mean by share where hours are means, and the peak where days are peaks. What a service measured
-- itself before that day is added to counts, and stands before others' gauges.
with recursive inheritance as (
    select from_service, to_service, day, share from lineage
    union all
    -- What was renamed twice is in the history of its last name.
    select l.from_service, i.to_service, least(l.day, i.day), l.share * i.share
    from lineage l
    join inheritance i on i.from_service = l.to_service
),
part as (
    select m.service, m.metric, m.grain, m.time_utc, m.value, 1.0 as share, m.is_added, true as is_own
    from measured m
    semi join lineage l on l.to_service = m.service
    union all
    select i.to_service, m.metric, m.grain, m.time_utc, m.value, i.share, m.is_added, false
    from measured m
    join inheritance i on i.from_service = m.service and m.time_utc < i.day
)
select service, metric, grain, time_utc,
    case
        when bool_or(is_added) then sum(value * share order by value, share)
        when bool_or(is_own) then max(value) filter (where is_own)
        when grain = 'd' then max(value)
        else sum(value * share order by value, share) / sum(share order by share)
    end as value
from part
group by service, metric, grain, time_utc
