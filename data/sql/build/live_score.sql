-- What live forecasts of the last 28 nights said of what has been measured since, for the series that are about to be
-- fitted (series_value): the first day ahead of hours, the first 7 days of days. Each half-width is divided by what its
-- night had multiplied it by, so that the next night's multiplier is of the width as fitted. `step` counts from 0.
with wanted as (
    select distinct panel, chunk, service, metric, case when panel = 'load_h' then 'h' else 'd' end as grain
    from series_value
),
looked_ahead as (
    select w.panel, w.chunk, f.*,
        case
            when f.grain = 'h' then date_diff('hour', f.made_on::timestamp, f.target_time)
            else date_diff('day', f.made_on, f.target_time::date)
        end as step
    from forecast f
    join wanted w using (service, metric, grain)
    where f.origin = 'live' and f.made_on >= $as_of - 28 and f.made_on < $as_of and f.target_time < $as_of
),
fitted as (
    select made_on, service, metric, grain, coalesce(nullif(width80, 0), 1) as width80,
        coalesce(nullif(width95, 0), 1) as width95
    from forecast_fit
    where made_on >= $as_of - 28 and made_on < $as_of
)
select l.panel, l.chunk, l.service, l.metric, l.made_on, l.step::integer as step, v.value as actual, l.mean,
    l.mean - (l.mean - l.lo80) / coalesce(t.width80, 1) as lo80,
    l.mean + (l.hi80 - l.mean) / coalesce(t.width80, 1) as hi80,
    l.mean - (l.mean - l.lo95) / coalesce(t.width95, 1) as lo95,
    l.mean + (l.hi95 - l.mean) / coalesce(t.width95, 1) as hi95
from looked_ahead l
join series_value v
    on v.panel = l.panel and v.service = l.service and v.metric = l.metric and v.timestamp = l.target_time
left join fitted t
    on t.made_on = l.made_on and t.service = l.service and t.metric = l.metric and t.grain = l.grain
where l.step >= 0 and l.step < case when l.grain = 'h' then 24 else 7 end
order by l.panel, l.chunk, l.service, l.metric, l.made_on, l.step
