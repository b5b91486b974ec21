-- Load as it is believed, by day, and where it is missing.

create view utilization_judged as
select u.*, f.flag
from utilization_hour u
left join utilization_flag f
    on f.flag in ('flat line', 'raw counter') and f.service = u.service and f.metric = u.metric and f.source = u.source
    and u.hour_utc >= f.from_utc and u.hour_utc < coalesce(f.to_utc, timestamp 'infinity');
comment on view utilization_judged is 'utilization_hour and the flag of each hour: where it is not null the hour counts as missing in forecasts, headroom and unit cost';

-- An exporter that is quiet at night, or tells once a day, has whole days too: a day is held against the series' own.
create view load_day as
with day as (
    select u.service, u.metric, coalesce(m.kind, 'gauge') as kind, u.hour_utc::date as date,
        count(*) filter (where u.flag is null) as hours,
        count(u.flag) as flagged_hours,
        sum(u.value_sum order by u.hour_utc) filter (where u.flag is null) as total,
        max(u.value_max) filter (where u.flag is null) as peak
    from utilization_judged u
    left join metric m using (metric)
    group by all
),
usual as (
    select service, metric, median(hours) as hours
    from day
    where hours > 0
    group by all
)
select d.service, d.metric, d.kind, d.date, d.hours, u.hours as usual_hours, d.flagged_hours, d.total, d.peak,
    coalesce(d.hours >= u.hours, false) as is_complete
from day d
left join usual u using (service, metric);
comment on view load_day is 'Measured load by day. grain: service, metric, date. hours: measured and believed; usual_hours: median over the days of the series; flagged_hours: not believed, see utilization_flag; total, peak: sum of the samples, largest sample, unit of the metric; is_complete: no fewer hours than usual, else the day is not forecast from and has no unit cost';
comment on column load_day.date is 'day, UTC';
comment on column load_day.hours is 'hours measured and believed';
comment on column load_day.usual_hours is 'median over the days of the series';
comment on column load_day.flagged_hours is 'hours that are not believed, see utilization_flag';
comment on column load_day.total is 'sum of the samples, unit of the metric';
comment on column load_day.peak is 'largest sample, unit of the metric';
comment on column load_day.is_complete is 'false where fewer hours than usual were measured: the day is not forecast from and has no unit cost';

-- Hours without a row, as stretches. A gap that is still open has no end: its series is stale, not zero.
create view utilization_gap as
with series as (
    select source, service, metric, count(*) as hours, min(hour_utc) as first_utc, max(hour_utc) as last_utc
    from utilization_hour
    group by all
),
known as (
    -- What a source should know: until the newest night that asked for it, else until its newest hour.
    select u.source, greatest(max(u.last_utc) + interval 1 hour, max(s.known_until)) as known_until
    from series u
    left join (select source, max(as_of)::timestamp as known_until from source_state group by source) s using (source)
    group by u.source
),
holed as (
    -- Most series have every hour: only the others are looked through hour by hour.
    select h.source, h.service, h.metric, h.hour_utc
    from utilization_hour h
    semi join (
        select n.source, n.service, n.metric
        from series n
        join known k using (source)
        where n.hours <= date_diff('hour', n.first_utc, n.last_utc) or n.last_utc + interval 1 hour < k.known_until
    ) n on n.source = h.source and n.service = h.service and n.metric = h.metric
),
source_hour as (
    select distinct source, hour_utc from utilization_hour
),
source_silence as (
    select source, series, hour_utc + interval 1 hour as from_utc,
        lead(hour_utc) over (partition by source order by hour_utc) as to_utc
    from source_hour
    join (select source, count(*) as series from series group by source) using (source)
    qualify to_utc is null or to_utc > from_utc
),
time_of_day as (
    select service, metric, source, count(distinct extract(hour from hour_utc)) as hours_of_day,
        list(distinct extract(hour from hour_utc)) as measured
    from holed
    group by all
),
followed as (
    select service, metric, source, hour_utc + interval 1 hour as from_utc,
        lead(hour_utc) over (partition by source, service, metric order by hour_utc) as to_utc
    from holed
),
gap as (
    select f.service, f.metric, f.source, f.from_utc, f.to_utc, coalesce(f.to_utc, k.known_until) as ends
    from followed f
    join known k using (source)
    where coalesce(f.to_utc, k.known_until) > f.from_utc
        and (f.to_utc is not null or f.source not in (select source from removed_source))
        -- A service whose history goes on elsewhere has ended.
        and (f.to_utc is not null or (f.service, f.from_utc::date) not in (
            select from_service, unnest([day - 1, day, day + 1]) from lineage))
)
select g.service, g.metric, g.source, g.from_utc, g.to_utc, date_diff('hour', g.from_utc, g.ends) as hours,
    case
        when t.hours_of_day < 24 and g.ends - g.from_utc < interval 24 hours
            and not list_has_any(
                t.measured,
                list_transform(
                    range(0, date_diff('hour', g.from_utc, g.ends)),
                    lambda h: extract(hour from g.from_utc + to_hours(h::integer))
                )
            )
        then 'never measured at that time of day'
        when s.source is not null and (s.series > 1 or g.to_utc is null) then 'nothing came from the source'
        when g.to_utc is null then 'the series stopped'
    end as cause
from gap g
join time_of_day t using (service, metric, source)
left join source_silence s on s.source = g.source and s.from_utc <= g.from_utc
    and coalesce(s.to_utc, g.ends) >= g.ends;
comment on view utilization_gap is 'Where load is missing: service, metric, source, from_utc, to_utc (null: still missing), hours, cause (null: not known)';
comment on column utilization_gap.from_utc is 'start of the first missing hour, UTC';
comment on column utilization_gap.to_utc is 'end of the last missing hour, UTC; null where it is still missing';
comment on column utilization_gap.hours is 'missing so far';
comment on column utilization_gap.cause is 'null where it is not known';

-- An hour of one sample says no step of its own: there it is the usual distance of hours.
create view source_sampling as
with known as (
    select u.source, greatest(max(u.hour_utc) + interval 1 hour, max(s.known_until)) as known_until
    from (select source, max(hour_utc) as hour_utc from utilization_hour group by source) u
    left join (select source, max(as_of)::timestamp as known_until from source_state group by source) s using (source)
    group by u.source
),
ended as (
    -- What goes on under another name is not missed under its own.
    select from_service as service, max(day)::timestamp as ends from lineage group by from_service
),
series as (
    select u.source, u.service, u.metric, median(u.samples) as samples, count(*) as hours,
        date_diff('hour', min(u.hour_utc), least(k.known_until, e.ends)) as known_hours,
        date_diff('hour', min(u.hour_utc), max(u.hour_utc)) / nullif(count(*) - 1, 0) as hours_apart
    from utilization_hour u
    join known k using (source)
    left join ended e on e.service = u.service
    where u.hour_utc >= k.known_until - interval 28 days and u.hour_utc < k.known_until
    group by u.source, u.service, u.metric, k.known_until, e.ends
    having min(u.hour_utc) < e.ends or e.ends is null
)
select source, metric, count(distinct service) as services,
    median(case when samples > 1 then 3600 / samples else 3600 * greatest(floor(hours_apart), 1) end) as step_s,
    sum(hours) / sum(known_hours) as hours_ratio
from series
anti join removed_source using (source)
group by source, metric;
comment on view source_sampling is 'How often each source measures, in the 28 days up to what it is known until. grain: source, metric';
comment on column source_sampling.services is 'how many services it measures';
comment on column source_sampling.step_s is 'usual seconds from one sample to the next; null where a series has one sample';
comment on column source_sampling.hours_ratio is 'hours with a sample, of those since the first of each series in these days; 0..1';
