-- What was measured at the grains that are forecast, and how good forecasts were.

-- What was measured, at the grains that are forecast. Cost is run-rate: tax, credit and days that are not settled are
-- not in it.
create view measured as
with hourly as (
    select u.service, u.metric, u.hour_utc, coalesce(m.kind = 'count', false) as is_added, case when m.kind = 'count' then u.value_sum else u.value_avg end as value
    from utilization_judged u
    left join metric m using (metric)
    where u.flag is null
),
run_rate as (
    select service, currency, date, sum(effective_cost)::double as value, bool_and(is_settled) as is_settled
    from cost_service_day
    where is_run_rate(component)
    group by all
),
settled_day as (
    select currency, date from cost_service_day group by all having bool_and(is_settled)
),
reached as (
    select distinct source, currency, charge_date as date from cost_day
),
charged as (
    select service, source, currency, min(charge_date) as since
    from cost_day
    where charge_category = 'Usage'
    group by all
),
free_day as (
    -- A bill that reaches a day and says nothing of a service says that it cost nothing: that zero is measured. Before
    -- the first charge, and where a bill that charges the service does not reach, nothing is known.
    select c.service, c.currency, d.date
    from charged c
    join settled_day d on d.currency = c.currency and d.date >= c.since
    left join reached r on r.source = c.source and r.currency = c.currency and r.date = d.date
    anti join run_rate n on n.service = c.service and n.currency = c.currency and n.date = d.date
    group by all
    having count(*) = count(r.source)
),
cost_of_day as (
    select service, cost_metric(currency) as metric, date, value from run_rate where is_settled
    union all
    select service, cost_metric(currency), date, 0.0 from free_day
),
cost_of_all as (
    -- The whole bill is a series of its own: its interval is not the sum of the services' intervals.
    select '(total)' as service, metric, date, sum(value order by service) as value
    from cost_of_day
    group by all
)
select service, metric, 'h' as grain, hour_utc as time_utc, value, is_added from hourly
union all
select service, metric, 'd', date::timestamp, case when kind = 'count' then total else peak end, kind = 'count'
from load_day
where is_complete
union all
select service, metric, 'd', date::timestamp, value, true from cost_of_day
union all
select service, metric, 'd', date::timestamp, value, true from cost_of_all;
comment on view measured is 'What was measured under each name, at the grains that are forecast: service, metric, grain (h, d), time_utc, value. What is forecast is actual';
comment on column measured.grain is 'h: hour; d: day (counts and cost summed, gauges at their peak)';
comment on column measured.time_utc is 'start of the hour or day, UTC';
comment on column measured.value is 'unit of the metric; cost in its currency, run-rate only';
comment on column measured.is_added is 'counts and cost, which add up; false for gauges';

create view actual as
select service, metric, grain, time_utc, value
from measured
where service not in (select to_service from lineage)
union all
select service, metric, grain, time_utc, value from inherited_actual;
comment on view actual is 'What was measured, at the grains that are forecast, with the history that services go on with (see lineage): service, metric, grain (h, d), time_utc, value';
comment on column actual.grain is 'h: hour; d: day (counts and cost summed, gauges at their peak)';
comment on column actual.time_utc is 'start of the hour or day, UTC';
comment on column actual.value is 'unit of the metric; cost in its currency, run-rate only';

create view current_forecast as
select service, metric, grain, target_time, mean, lo80, hi80, lo95, hi95, model, made_on
from forecast
where origin = 'live' and made_on = (select max(made_on) from forecast where origin = 'live');
comment on view current_forecast is 'The newest night''s forecasts';

-- A list a band: thousands of series are read as thousands of rows. Cost is forecast from its newest settled day on.
create view forecast_path_day as
with day as (
    select made_on, service, metric, target_time, mean, lo80, hi80, lo95, hi95
    from forecast
    where grain = 'd' and origin = 'live'
    union all
    select made_on, service, metric, target_time, mean, lo80, hi80, lo95, hi95
    from forecast_unsettled
),
followed as (
    select *, lead(target_time) over (partition by made_on, service, metric order by target_time) as next_time from day
),
whole as (
    -- A day of the week that is never measured is not forecast: the lists run through it as on the day before.
    select * exclude (target_time, next_time),
        unnest(range(target_time, coalesce(next_time, target_time + interval 1 day), interval 1 day)) as target_time
    from followed
),
series as (
    select made_on, service, metric, min(target_time) as first_time,
        list(lo95 order by target_time) as lo95, list(lo80 order by target_time) as lo80,
        list(mean order by target_time) as mean, list(hi80 order by target_time) as hi80,
        list(hi95 order by target_time) as hi95
    from whole
    group by all
)
select s.made_on, s.service, s.metric, s.first_time, s.lo95, s.lo80, s.mean, s.hi80, s.hi95, p.seed,
    p.short_correlation, p.long_correlation, p.peak_errors
from series s
join forecast_path p on p.made_on = s.made_on and p.service = s.service and p.metric = s.metric and p.grain = 'd';
comment on view forecast_path_day is 'Daily forecasts of the last nights, one row a series, as futures are simulated from them. grain: made_on, service, metric';
comment on column forecast_path_day.first_time is 'start of the first day of the lists, UTC';
comment on column forecast_path_day.lo95 is 'lower ends of the 95 % intervals, a value a day, unit of the metric';
comment on column forecast_path_day.lo80 is 'lower ends of the 80 % intervals, a value a day, unit of the metric';
comment on column forecast_path_day.mean is 'centres, a value a day, unit of the metric';
comment on column forecast_path_day.hi80 is 'upper ends of the 80 % intervals, a value a day, unit of the metric';
comment on column forecast_path_day.hi95 is 'upper ends of the 95 % intervals, a value a day, unit of the metric';

-- Scores of the last 120 nights by series. Totals are kept beside the ratios, so that what pools them further (over days
-- ahead, services, classes) divides sums by sums: ratios weighted by points would give a day of ten the say of one of
-- ten thousand.
create view forecast_series_score as
with recent as (
    select *, wape * actual_total as error, wape_naive * actual_total as naive_error, bias * actual_total as bias_error
    from forecast_score
    where made_on > (select max(made_on) from forecast_score) - 120
),
series as (
    select service, metric, grain, horizon_days, origin, sum(points)::bigint as points,
        sum(error order by made_on) as error_total,
        sum(actual_total order by made_on) filter (where error is not null) as actual_total,
        sum(naive_error order by made_on) as naive_error_total,
        sum(actual_total order by made_on) filter (where naive_error is not null) as naive_actual_total,
        sum(bias_error order by made_on) as bias_total,
        sum(mase * points order by made_on) as mase_total,
        sum(points) filter (where mase is not null)::bigint as mase_points,
        sum(coverage80 * points order by made_on) as inside80,
        sum(coverage95 * points order by made_on) as inside95,
        sum(points) filter (where coverage80 is not null)::bigint as interval_points
    from recent
    group by all
)
select *, error_total / nullif(actual_total, 0) as wape,
    naive_error_total / nullif(naive_actual_total, 0) as wape_naive,
    bias_total / nullif(actual_total, 0) as bias,
    mase_total / nullif(mase_points, 0) as mase,
    inside80 / nullif(interval_points, 0) as coverage80,
    inside95 / nullif(interval_points, 0) as coverage95
from series;
comment on view forecast_series_score is 'How good the forecasts of each series were, over the last 120 nights: what every page and class score reads. grain: service, metric, grain, horizon_days, origin. wape, bias: weighted by the actuals; to pool further divide error_total (bias_total) by actual_total, naive_error_total by naive_actual_total (unit of the metric), inside80, inside95 by interval_points';
comment on column forecast_series_score.error_total is 'sum of absolute errors, unit of the metric';
comment on column forecast_series_score.naive_error_total is 'the same of seasonal naive, where it is known';
comment on column forecast_series_score.naive_actual_total is 'sum of absolute actuals where seasonal naive is known, unit of the metric';
comment on column forecast_series_score.bias_total is 'sum of (forecast - actual), unit of the metric';
comment on column forecast_series_score.mase_total is 'sum of mase times its points';
comment on column forecast_series_score.mase_points is 'points that have a mase';
comment on column forecast_series_score.inside80 is 'points inside the 80 % interval';
comment on column forecast_series_score.inside95 is 'points inside the 95 % interval';
comment on column forecast_series_score.interval_points is 'points that have an interval';

-- The same over all series of a class, so that no series counts twice.
create view forecast_class_score as
with class as (
    select service, metric, grain, arg_max(series_class, made_on) as series_class
    from forecast_fit
    group by all
)
select s.metric, coalesce(c.series_class, 'unknown') as series_class, s.grain, s.horizon_days, s.origin,
    count(*) as series, sum(s.points)::bigint as points,
    sum(s.error_total order by s.service) / nullif(sum(s.actual_total order by s.service), 0) as wape,
    median(s.wape) as wape_median,
    median(s.wape_naive) as wape_naive_median,
    median(s.mase) as mase_median,
    sum(s.bias_total order by s.service) / nullif(sum(s.actual_total order by s.service), 0) as bias,
    sum(s.inside80 order by s.service) / nullif(sum(s.interval_points), 0) as coverage80,
    sum(s.inside95 order by s.service) / nullif(sum(s.interval_points), 0) as coverage95,
    avg(is_good(s.wape)::integer) as within_10,
    avg(is_acceptable(s.wape)::integer) as within_20
from forecast_series_score s
left join class c using (service, metric, grain)
group by all;
comment on view forecast_class_score is 'How good forecasts are by kind of series, over the last 120 nights. grain: metric, series_class (newest fit; unknown where none), grain, horizon_days, origin. wape and bias are weighted by the actuals, wape_median, wape_naive_median and mase_median are over series; within_10, within_20: share of series with a wape of at most 10, 20 %';
comment on column forecast_class_score.series is 'how many series';
comment on column forecast_class_score.wape is 'pooled: sum of absolute errors / sum of absolute actuals over the series of the class';
comment on column forecast_class_score.bias is 'pooled: sum of (forecast - actual) / sum of absolute actuals; above 0 is too high';
comment on column forecast_class_score.wape_median is 'median over the series';
comment on column forecast_class_score.wape_naive_median is 'the same of seasonal naive';
comment on column forecast_class_score.mase_median is 'median over the series';
comment on column forecast_class_score.within_10 is 'share of series with a wape of at most 0.1';
comment on column forecast_class_score.within_20 is 'share of series with a wape of at most 0.2';

-- A service may have days without a charge: a period is whole where the bill is known on both of its sides.
create view cost_period_actual as
with day as (
    select service, metric, time_utc::date as date, value from actual where grain = 'd' and is_cost(metric)
),
known as (
    select metric, min(date) as first_day, max(date) as last_day from day group by all
),
dated as (
    select d.*, unnest([
        {'grain': 'm', 'period_start': date_trunc('month', d.date)::date, 'months': 1},
        {'grain': 'q', 'period_start': date_trunc('quarter', d.date)::date, 'months': 3}
    ], recursive := true)
    from day d
),
unsettled as (
    select distinct cost_metric(currency) as metric, date, unnest([service, '(total)']) as service
    from cost_service_day
    where not is_settled
),
period as (
    select service, metric, grain, period_start, (period_start + to_months(months))::date as period_end,
        sum(value order by date) as actual
    from dated
    group by all
)
select p.service, p.metric, p.grain, p.period_start, p.period_end, p.actual
from period p
join known k using (metric)
anti join unsettled u
    on u.service = p.service and u.metric = p.metric and u.date >= p.period_start and u.date < p.period_end
where p.period_start >= k.first_day and p.period_end <= k.last_day + 1;
comment on view cost_period_actual is 'What whole months and quarters cost, once every day of them is settled. grain: service, metric, grain, period_start';
comment on column cost_period_actual.grain is 'm: month, q: calendar quarter';
comment on column cost_period_actual.period_start is 'first day of the period';
comment on column cost_period_actual.period_end is 'day after its last';
comment on column cost_period_actual.actual is 'cost of use in the currency of the metric, without tax, credit, support';

-- A month is judged by the last forecast made before it began: made_on is the first moment not known, so a night on
-- the first of the month still counts. Days are compared one by one where both are known; a month of cost is one sum.
create view forecast_status as
with newest as (
    select service, metric, grain, origin, date_trunc('month', target_time)::date as month, max(made_on) as made_on
    from forecast
    where grain in ('d', 'm') and made_on <= date_trunc('month', target_time)
    group by all
),
compared as (
    select n.month, f.service, f.metric, f.grain, f.origin, f.made_on, count(*) as days,
        avg(f.mean order by f.target_time) as forecast, avg(a.value order by a.time_utc) as actual,
        sum(abs(f.mean - a.value) order by f.target_time) / nullif(sum(abs(a.value) order by f.target_time), 0) as wape
    from newest n
    join forecast f
        on f.grain = n.grain and f.service = n.service and f.metric = n.metric and f.origin = n.origin
        and f.made_on = n.made_on and f.target_time >= n.month and f.target_time < n.month + interval 1 month
    join actual a
        on a.grain = 'd' and a.service = f.service and a.metric = f.metric and a.time_utc = f.target_time
    where n.grain = 'd'
    group by all
    union all
    select n.month, f.service, f.metric, f.grain, f.origin, f.made_on, extract(day from last_day(n.month)), f.mean,
        c.actual, null
    from newest n
    join forecast f
        on f.grain = n.grain and f.service = n.service and f.metric = n.metric and f.origin = n.origin
        and f.made_on = n.made_on and f.target_time = n.month
    join cost_period_actual c
        on c.grain = 'm' and c.service = f.service and c.metric = f.metric and c.period_start = n.month
    where n.grain = 'm'
),
judged as (
    select *, days = extract(day from last_day(month)) as is_whole,
        (forecast - actual) / nullif(abs(actual), 0) as error_ratio,
        (forecast - actual) / nullif(abs(forecast), 0) as accuracy_rate
    from compared
),
class as (
    select service, metric, arg_max(series_class, made_on) as series_class
    from forecast_fit
    where grain = 'd'
    group by all
)
select j.month, j.service, j.metric, j.grain, j.origin, j.made_on, c.series_class,
    coalesce(c.series_class = 'stable', false) as is_stable, j.days, j.is_whole, j.forecast, j.actual, j.error_ratio,
    j.wape,
    target_status(j.error_ratio) as status,
    j.accuracy_rate,
    case
        when j.grain <> 'm' or j.accuracy_rate is null then null
        when abs(j.accuracy_rate) <= 0.12 then 'run'
        when abs(j.accuracy_rate) <= 0.15 then 'walk'
        when abs(j.accuracy_rate) <= 0.2 then 'crawl'
        else 'below crawl'
    end as maturity
from judged j
left join class c using (service, metric);
comment on view forecast_status is 'Each calendar month against the target, from the last forecast made before it began. grain: month, service, metric, grain, origin. grain d: forecast and actual are means a day over the days known; m: the month''s cost, once every day is settled. is_whole: every day of the month is in it. error_ratio: (forecast - actual) / actual; status: good within 10 %, acceptable within 20 %, else miss (the target is for is_stable); accuracy_rate: (forecast - actual) / forecast, as the FinOps Foundation defines it; maturity of months of cost: run within 12 %, walk 15 %, crawl 20 %';
comment on column forecast_status.month is 'first day of the calendar month';
comment on column forecast_status.is_stable is 'true where the target is for this series: its class is stable';
comment on column forecast_status.days is 'days that are compared';
comment on column forecast_status.is_whole is 'true where every day of the month is';
comment on column forecast_status.forecast is 'mean a day (grain d) or the month (m), unit of the metric';
comment on column forecast_status.actual is 'mean a day (grain d) or the month (m), unit of the metric';
comment on column forecast_status.error_ratio is '(forecast - actual) / actual';
comment on column forecast_status.status is 'good within 10 %, acceptable within 20 %, else miss';
comment on column forecast_status.accuracy_rate is '(forecast - actual) / forecast, as the FinOps Foundation defines it';
comment on column forecast_status.maturity is 'of months of cost: run within 12 %, walk 15 %, crawl 20 %';

create view forecast_drift as
with night as (
    select made_on, lag(made_on) over (order by made_on) as previous_made_on
    from (select distinct made_on from forecast where origin = 'live')
)
select f.made_on, n.previous_made_on, f.service, f.metric, f.grain, count(*) as targets,
    sum(abs(f.mean - p.mean) order by f.target_time) / nullif(sum(abs(p.mean) order by f.target_time), 0) as drift,
    sum(f.mean - p.mean order by f.target_time) / nullif(sum(abs(p.mean) order by f.target_time), 0) as shift
from forecast f
join night n on n.made_on = f.made_on
join forecast p
    on p.made_on = n.previous_made_on and p.service = f.service and p.metric = f.metric and p.grain = f.grain
    and p.target_time = f.target_time and p.origin = f.origin
where f.origin = 'live'
group by all;
comment on view forecast_drift is 'How far live forecasts of the same targets moved since the night before. grain: made_on, service, metric, grain. drift: sum of absolute moves / sum of absolute earlier forecasts; shift: the same with its sign, above 0 is upwards (a drift without a shift is noise)';
comment on column forecast_drift.previous_made_on is 'the night before made_on that made a forecast';
comment on column forecast_drift.targets is 'how many hours or days both nights forecast';
comment on column forecast_drift.drift is 'sum of absolute moves / sum of absolute earlier forecasts';
comment on column forecast_drift.shift is 'sum of moves / sum of absolute earlier forecasts; above 0 is upwards';

create view model_score as
with kept as (
    select made_on, service, metric, grain, unnest(list_distinct(models_kept)) as model, wape, wape_naive
    from forecast_fit
    where made_on = (select max(made_on) from forecast_fit)
)
select made_on, grain, model, count(*) as series, median(wape) as wape_median,
    median(wape / nullif(wape_naive, 0)) as relative_wape_median
from kept
group by all;
comment on view model_score is 'Which models the newest night kept, and how the forecasts that they are part of did. grain: grain, model. wape_median over the series; relative_wape_median: of wape / wape_naive, under 1 beats seasonal naive';
comment on column model_score.series is 'how many series kept the model';
comment on column model_score.wape_median is 'median over these series, of the whole forecast';
comment on column model_score.relative_wape_median is 'median of wape / wape_naive; under 1 beats seasonal naive';

-- https://focus.finops.org has no data set for forecasts yet: these are its columns for charges, with what a forecast
-- needs besides under x_.
create view focus_forecast as
select made_on as x_ForecastMadeOn,
    service as x_ServiceName,
    metric_currency(metric) as BillingCurrency,
    date_trunc('month', target_time)::timestamp as BillingPeriodStart,
    (date_trunc('month', target_time) + interval 1 month)::timestamp as BillingPeriodEnd,
    target_time as ChargePeriodStart,
    target_time + case grain when 'd' then interval 1 day when 'm' then interval 1 month else interval 3 month end
        as ChargePeriodEnd,
    'Usage' as ChargeCategory,
    'Usage-Based' as ChargeFrequency,
    mean::decimal(38, 12) as EffectiveCost,
    lo80::decimal(38, 12) as x_EffectiveCostLower80,
    hi80::decimal(38, 12) as x_EffectiveCostUpper80,
    lo95::decimal(38, 12) as x_EffectiveCostLower95,
    hi95::decimal(38, 12) as x_EffectiveCostUpper95,
    grain as x_Grain,
    model as x_Model
from current_forecast
where is_cost(metric);
comment on view focus_forecast is 'The newest night''s forecast of cost in the columns of FOCUS, for tools that read bills: grain x_ServiceName, BillingCurrency, x_Grain, ChargePeriodStart. x_ServiceName is (total) for the whole bill of a currency: never add it to the others. e.g. select x_ServiceName, sum(EffectiveCost) from focus_forecast where x_Grain = ''m'' and x_ServiceName <> ''(total)'' group by all';
comment on column focus_forecast.x_ForecastMadeOn is 'the night that made it: nothing at or after this moment was known';
comment on column focus_forecast.x_ServiceName is 'service, (unallocated), or (total) for the whole bill of the currency';
comment on column focus_forecast.BillingCurrency is 'ISO 4217';
comment on column focus_forecast.BillingPeriodStart is 'first moment of the calendar month, UTC';
comment on column focus_forecast.BillingPeriodEnd is 'first moment after it';
comment on column focus_forecast.ChargePeriodStart is 'first moment of the day, month or quarter, UTC';
comment on column focus_forecast.ChargePeriodEnd is 'first moment after it';
comment on column focus_forecast.ChargeCategory is 'Usage: run-rate, and what recurs on its day; tax, credit and support are not in it';
comment on column focus_forecast.ChargeFrequency is 'Usage-Based';
comment on column focus_forecast.EffectiveCost is 'mean of the forecast, in BillingCurrency';
comment on column focus_forecast.x_EffectiveCostLower80 is 'lower end of the 80 % interval';
comment on column focus_forecast.x_EffectiveCostUpper80 is 'upper end of the 80 % interval';
comment on column focus_forecast.x_EffectiveCostLower95 is 'lower end of the 95 % interval';
comment on column focus_forecast.x_EffectiveCostUpper95 is 'upper end of the 95 % interval';
comment on column focus_forecast.x_Grain is 'd: day, m: calendar month, q: quarter; never add one to another';
comment on column focus_forecast.x_Model is 'model, or the models combined';

-- What is broken now, or was moved so lately that its level is not sure: one row a series, the finest grain first.
create view current_break as
with recent as (
    select b.*, (select max(made_on) from forecast_fit)::timestamp as as_of
    from series_break b
)
select service, metric, grain, kind, from_utc, to_utc, is_open, factor, level, evidence,
    date_diff('day', coalesce(to_utc, from_utc), as_of) as days
from recent
where is_open or (kind in ('step', 'ramp') and coalesce(to_utc, from_utc) >= as_of - interval 28 days)
qualify row_number() over (partition by service, metric order by grain = 'h' desc, from_utc desc) = 1;
comment on view current_break is 'Series that are in an outage, moving, at their ceiling, or at a level that is under four weeks old. grain: service, metric. days: since it ended, of a step or ramp how long the new level is known, of what is open since it began. Which services are at a new level: select service, metric, days, factor from current_break where kind in (''step'', ''ramp'') order by days';
comment on column current_break.days is 'days since it ended, of a step or ramp how long the new level is known, of what is open since it began';
