-- Scores of stable series over the target, with what else is known of the days they looked at. A series is what its
-- first fit from that night on says it is (a backtest has no fit of its own). Causes in order: a declared event; hours
-- missing or near zero; a bill that was rewritten; a level unlike the weeks before. `usual` is the median of the same
-- weekday and hour of the 4 weeks before, so that a weekend is no change of level.
with over_target as (
    select s.made_on, s.service, s.metric, s.grain, s.horizon_days, s.origin, s.wape, s.bias,
        s.made_on + b.after_days as first_day,
        least(s.made_on + s.horizon_days, $as_of) as end_day
    from forecast_score s
    join horizon_bucket() b using (horizon_days)
    where s.made_on >= $made_from and s.made_on < $as_of and s.grain = $grain and not is_acceptable(s.wape)
),
class as (
    select o.made_on, o.service, o.metric, o.grain, arg_min(f.series_class, f.made_on) as series_class
    from (select distinct made_on, service, metric, grain from over_target) o
    join forecast_fit f
        on f.service = o.service and f.metric = o.metric and f.grain = o.grain
        and f.made_on >= o.made_on and f.made_on <= $as_of
    group by all
),
miss as (
    select o.*
    from over_target o
    join class c using (made_on, service, metric, grain)
    where c.series_class = 'stable'
),
declared as (
    select m.made_on, m.service, m.metric, m.grain, m.horizon_days, m.origin, min(e.name) as event
    from miss m
    join event e
        on (e.service is null or e.service = m.service) and e.first_day < m.end_day and e.last_day >= m.first_day
    group by all
),
measured as (
    select a.service, a.metric, a.grain, a.time_utc, a.value
    from actual a
    semi join miss m on m.service = a.service and m.metric = a.metric
    where a.time_utc < $as_of
),
usual as (
    -- grain is the actual's: hours tell of an outage for forecasts of days too.
    select n.made_on, n.service, n.metric, a.grain, isodow(a.time_utc) as weekday, hour(a.time_utc) as hour,
        median(a.value) as usual
    from (select distinct made_on, service, metric from miss) n
    join measured a
        on a.service = n.service and a.metric = n.metric
        and a.time_utc >= n.made_on - interval 28 days and a.time_utc < n.made_on
    group by all
),
known_until as (
    select service, metric, max(time_utc) as newest_utc from measured where grain = 'h' group by all
),
wanted_hour as (
    select m.made_on, m.service, m.metric, m.grain, m.horizon_days, m.origin,
        unnest(range(m.first_day::timestamp, m.end_day::timestamp, interval 1 hour)) as time_utc
    from miss m
),
outage as (
    select w.made_on, w.service, w.metric, w.grain, w.horizon_days, w.origin, count(*) as hours,
        count(*) filter (where a.value is null or a.value < 0.05 * u.usual) as outage_hours
    from wanted_hour w
    join known_until k on k.service = w.service and k.metric = w.metric and w.time_utc <= k.newest_utc
    join usual u
        on u.made_on = w.made_on and u.service = w.service and u.metric = w.metric and u.grain = 'h'
        and u.weekday = isodow(w.time_utc) and u.hour = hour(w.time_utc) and u.usual > 0
    left join measured a
        on a.service = w.service and a.metric = w.metric and a.grain = 'h' and a.time_utc = w.time_utc
    group by all
),
level as (
    select m.made_on, m.service, m.metric, m.grain, m.horizon_days, m.origin, median(a.value / u.usual) as level_ratio
    from miss m
    join measured a
        on a.service = m.service and a.metric = m.metric and a.grain = m.grain
        and a.time_utc >= m.first_day and a.time_utc < m.end_day
    join usual u
        on u.made_on = m.made_on and u.service = m.service and u.metric = m.metric and u.grain = m.grain
        and u.weekday = isodow(a.time_utc) and u.hour = hour(a.time_utc) and u.usual > 0
    group by all
),
delivery as (
    select source, billing_period, execution_id, currency, coalesce(delivered_at, loaded_at) as known_at,
        lag(execution_id) over known as previous_id,
        lag(coalesce(delivered_at, loaded_at)) over known as previous_at
    from billing_load
    anti join removed_source using (source)
    window known as (
        partition by source, billing_period, currency
        order by coalesce(delivered_at, loaded_at), is_current, execution_id
    )
),
charged as (
    select source, billing_period, execution_id, currency, charge_date, sum(usage_cost) as usage_cost
    from billing_load_day
    group by all
),
restated as (
    -- Only days that were 3 days old when the delivery before was made: younger ones grow without being restated.
    select d.billing_period, d.currency, d.known_at,
        abs(sum(coalesce(new.usage_cost, 0) - old.usage_cost) / nullif(sum(old.usage_cost), 0))::double as ratio
    from delivery d
    join charged old
        on old.source = d.source and old.billing_period = d.billing_period and old.currency = d.currency
        and old.execution_id = d.previous_id and old.charge_date < d.previous_at::date - 3
    left join charged new
        on new.source = d.source and new.billing_period = d.billing_period and new.currency = d.currency
        and new.execution_id = d.execution_id and new.charge_date = old.charge_date
    group by d.source, d.billing_period, d.currency, d.execution_id, d.known_at
),
restatement as (
    select m.made_on, m.service, m.metric, m.grain, m.horizon_days, m.origin, max(r.ratio) as restated_ratio
    from miss m
    join restated r
        on cost_metric(r.currency) = m.metric and r.known_at >= m.made_on
        and r.billing_period < m.end_day and r.billing_period + interval 1 month > m.made_on - interval 28 days
    group by all
),
explained as (
    select m.made_on, m.service, m.metric, m.grain, m.horizon_days, m.origin, m.wape, m.bias, e.event,
        o.outage_hours, r.restated_ratio, l.level_ratio,
        list_filter(
            [
                case when e.event is not null then 'event' end,
                case when o.outage_hours >= 0.02 * o.hours then 'outage' end,
                case when r.restated_ratio > 0.02 then 'restatement' end,
                case when abs(l.level_ratio - 1) > 0.25 then 'level shift' end
            ],
            lambda cause: cause is not null
        ) as causes
    from miss m
    left join declared e using (made_on, service, metric, grain, horizon_days, origin)
    left join outage o using (made_on, service, metric, grain, horizon_days, origin)
    left join restatement r using (made_on, service, metric, grain, horizon_days, origin)
    left join level l using (made_on, service, metric, grain, horizon_days, origin)
)
select made_on, service, metric, grain, horizon_days, origin, wape, bias, coalesce(causes[1], 'unknown') as cause,
    causes, event, outage_hours, restated_ratio, level_ratio
from explained
