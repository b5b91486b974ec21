-- Forecasts of one grain and some services against what has happened since, by how many days ahead they looked. Sums
-- are ordered: the same night twice gives the same bits. Seasonal naive is the value of the same hour or day of the
-- last week known at the time. What was measured in an outage, or in an excursion that came back, as this night sees it
-- (series_break), is no forecast's fault and is counted apart; a day is, where six hours of it were. An excursion that
-- is open counts: as far as is known, load is there now and was not forecast.
with broken as (
    select service, metric, grain, from_utc, coalesce(to_utc, $as_of) as to_utc
    from series_break
    where (kind = 'outage' or kind = 'excursion' and to_utc is not null) and (grain = $grain or grain = 'h')
        and not is_cost(metric) -- what is paid counts, however odd
),
measured as (
    select a.*, a.time_utc + case when $grain = 'h' then interval 1 hour else interval 1 day end as end_utc
    from actual a
    where time_utc < $as_of and grain = $grain and service >= $first_service and service <= $last_service
),
in_break as (
    select distinct m.service, m.metric, m.time_utc
    from measured m
    join broken b
        on b.service = m.service and b.metric = m.metric and b.from_utc < m.end_utc and b.to_utc > m.time_utc
    where least(b.to_utc, m.end_utc) - greatest(b.from_utc, m.time_utc)
        >= case when $grain = 'h' then interval 1 hour else interval 6 hours end
),
known as (
    select * from measured anti join in_break using (service, metric, time_utc)
),
looked_ahead as (
    select f.*, date_diff('day', f.made_on, f.target_time::date) + 1 as lead_days
    from forecast f
    where f.made_on >= $made_from and f.made_on < $as_of and f.target_time < $as_of and f.grain = $grain
        and f.service >= $first_service and f.service <= $last_service
),
met as (
    select f.*, a.value as actual, b.horizon_days, n.value as naive
    from looked_ahead f
    join known a on a.service = f.service and a.metric = f.metric and a.grain = f.grain and a.time_utc = f.target_time
    join horizon_bucket() b on f.lead_days > b.after_days and f.lead_days <= b.horizon_days
    left join known n
        on n.service = f.service and n.metric = f.metric and n.grain = f.grain
        and n.time_utc = f.target_time - to_days((7 * ceil(f.lead_days / 7.0))::integer)
),
left_out as (
    select f.made_on, f.service, f.metric, f.grain, f.origin, b.horizon_days, count(*) as points
    from looked_ahead f
    join in_break i on i.service = f.service and i.metric = f.metric and i.time_utc = f.target_time
    join horizon_bucket() b on f.lead_days > b.after_days and f.lead_days <= b.horizon_days
    group by all
),
made as (
    select distinct made_on, service, metric, grain from looked_ahead
),
seasonal_day as (
    -- Summed by day first: every night looks back over the same days.
    select a.service, a.metric, a.grain, a.time_utc::date as date,
        sum(abs(a.value - b.value) order by a.time_utc) as change, count(*) as points
    from known a
    join known b
        on b.service = a.service and b.metric = a.metric and b.grain = a.grain
        and b.time_utc = a.time_utc - interval 7 days
    where a.time_utc >= $made_from - 56
    group by all
),
seasonal_error as (
    select m.made_on, m.service, m.metric, m.grain,
        sum(d.change order by d.date) / nullif(sum(d.points), 0) as scale
    from made m
    join seasonal_day d
        on d.service = m.service and d.metric = m.metric and d.grain = m.grain
        and d.date < m.made_on and d.date >= m.made_on - 56
    group by all
),
judged as (
    select *,
        abs(mean - actual) as error,
        pinball(actual, lo95, lo80, mean, hi80, hi95) as pinball
    from met
)
select j.made_on, j.service, j.metric, j.grain, j.horizon_days, j.origin,
    count(*) as points,
    sum(j.error order by j.target_time) / nullif(sum(abs(j.actual) order by j.target_time), 0) as wape,
    sum(abs(j.naive - j.actual) order by j.target_time)
        / nullif(sum(abs(j.actual) order by j.target_time) filter (where j.naive is not null), 0) as wape_naive,
    avg(j.error order by j.target_time) / nullif(any_value(s.scale), 0) as mase,
    sum(j.mean - j.actual order by j.target_time) / nullif(sum(abs(j.actual) order by j.target_time), 0) as bias,
    avg(j.pinball order by j.target_time) as pinball,
    avg((j.actual >= j.lo80 and j.actual <= j.hi80)::integer) as coverage80,
    avg((j.actual >= j.lo95 and j.actual <= j.hi95)::integer) as coverage95,
    sum(abs(j.actual) order by j.target_time) as actual_total,
    coalesce(any_value(l.points), 0) as left_out
from judged j
left join seasonal_error s using (made_on, service, metric, grain)
left join left_out l using (made_on, service, metric, grain, horizon_days, origin)
group by all
