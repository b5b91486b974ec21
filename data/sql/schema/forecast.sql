-- Forecasts, how they were made and how good they were.

create table if not exists forecast (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    target_time timestamp not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    model varchar not null,
    origin varchar not null
);
comment on table forecast is 'Every forecast with the night it was made on. grain: made_on, service, metric, grain, target_time, origin';
comment on column forecast.made_on is 'the night that made it: nothing at or after this moment was known';
comment on column forecast.service is 'service, (unallocated), or (total) for the whole bill of a currency';
comment on column forecast.metric is 'metric, or cost_ and the currency in lower case';
comment on column forecast.grain is 'h: hour; d: day (counts and cost summed, gauges at their peak); m, q: calendar month, quarter of cost, what is known of it included';
comment on column forecast.target_time is 'start of the hour, day or month that is forecast, UTC';
comment on column forecast.mean is 'centre of the forecast, unit of the metric';
comment on column forecast.lo80 is 'lower end of the 80 % interval, unit of the metric';
comment on column forecast.hi80 is 'upper end of the 80 % interval, unit of the metric';
comment on column forecast.lo95 is 'lower end of the 95 % interval, unit of the metric';
comment on column forecast.hi95 is 'upper end of the 95 % interval, unit of the metric';
comment on column forecast.model is 'model, or the models combined';
comment on column forecast.origin is 'live: made by the night of made_on; backtest: made later from what was known then';

create table if not exists forecast_fit (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    series_class varchar not null,
    model varchar not null,
    models_kept varchar[] not null,
    wape double,
    wape_naive double,
    mase double,
    coverage80 double,
    coverage95 double,
    history_points integer not null,
    seconds double not null,
    fallback_reason varchar,
    width80 double,
    width95 double,
    live_coverage80 double,
    live_coverage95 double,
    status varchar,
    timezone varchar,
    primary key (made_on, service, metric, grain)
);
comment on table forecast_fit is 'How each forecast was made. grain: made_on, service, metric, grain';
comment on column forecast_fit.made_on is 'the night that made it';
comment on column forecast_fit.service is 'service';
comment on column forecast_fit.metric is 'metric';
comment on column forecast_fit.grain is 'h, d';
comment on column forecast_fit.series_class is 'stable, spiky, new, new level, flat, intermittent, ...: how forecastable the series is, of the level that is forecast from';
comment on column forecast_fit.model is 'model, or the models combined';
comment on column forecast_fit.models_kept is 'the models that were combined';
comment on column forecast_fit.wape is 'sum of absolute errors / sum of actuals, on origins it was not chosen on';
comment on column forecast_fit.wape_naive is 'the same of seasonal naive';
comment on column forecast_fit.mase is 'mean absolute error / in-sample seasonal-naive error';
comment on column forecast_fit.coverage80 is 'share of actuals inside the 80 % interval, on origins it was not chosen on';
comment on column forecast_fit.coverage95 is 'share of actuals inside the 95 % interval';
comment on column forecast_fit.history_points is 'how many known values it was fitted on';
comment on column forecast_fit.seconds is 'seconds of its share of the fit; the one column that differs between equal nights';
comment on column forecast_fit.fallback_reason is 'why seasonal naive stands in; null where it does not';
comment on column forecast_fit.width80 is 'what live coverage multiplied both half-widths of the 80 % interval by; 1 or null: left as they were';
comment on column forecast_fit.width95 is 'the same of the 95 % interval';
comment on column forecast_fit.live_coverage80 is 'share of actuals inside the 80 % intervals of the last 28 nights, before width80; null where none has met its actual';
comment on column forecast_fit.live_coverage95 is 'the same of the 95 % interval';
comment on column forecast_fit.status is 'what to know of the series now: outage since ..., new level, 3 days known, at its limit of ... since ...; null where nothing';
comment on column forecast_fit.timezone is 'IANA name of the zone whose clock the load was taken to follow: as told, of its country, as the data say, or as office hours suggest where a change of clocks lies ahead, else UTC; null for days and longer';

create table if not exists forecast_score (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    points bigint not null,
    wape double,
    wape_naive double,
    mase double,
    bias double,
    pinball double,
    coverage80 double,
    coverage95 double,
    actual_total double,
    left_out bigint,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);
comment on table forecast_score is 'How good each forecast was, from what has happened since. grain: made_on, service, metric, grain, horizon_days, origin';
comment on column forecast_score.made_on is 'the night that made the forecast';
comment on column forecast_score.service is 'service';
comment on column forecast_score.metric is 'metric';
comment on column forecast_score.grain is 'h, d; m, q: whole months and quarters of cost';
comment on column forecast_score.horizon_days is 'days ahead, up to and with: 1, 7, 14, 28, 60, 90; each bucket starts where the one before ends; of m and q: from made_on to the period''s end';
comment on column forecast_score.origin is 'live or backtest';
comment on column forecast_score.points is 'how many forecasts have met their actual';
comment on column forecast_score.wape is 'sum of absolute errors / sum of absolute actuals';
comment on column forecast_score.wape_naive is 'the same of seasonal naive (one week back)';
comment on column forecast_score.mase is 'mean absolute error / mean absolute seasonal-naive error of the 8 weeks before made_on';
comment on column forecast_score.bias is 'sum of (forecast - actual) / sum of absolute actuals; above 0 is too high';
comment on column forecast_score.pinball is 'mean quantile loss over 2.5, 10, 50, 90, 97.5 %, unit of the metric';
comment on column forecast_score.coverage80 is 'share of actuals inside the 80 % interval';
comment on column forecast_score.coverage95 is 'share of actuals inside the 95 % interval';
comment on column forecast_score.actual_total is 'sum of absolute actuals, unit of the metric: the weight of its wape and bias';
comment on column forecast_score.left_out is 'how many more met an actual within an outage or an excursion that came back (series_break), of a day six hours of one: they do not count; null of months and quarters';

create table if not exists forecast_miss (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    wape double not null,
    bias double,
    cause varchar not null,
    causes varchar[] not null,
    event varchar,
    outage_hours bigint,
    restated_ratio double,
    level_ratio double,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);
comment on table forecast_miss is 'Scores of stable series over the target (wape above 0.2), and why as far as known. grain: made_on, service, metric, grain, horizon_days, origin';
comment on column forecast_miss.made_on is 'the night that made the forecast';
comment on column forecast_miss.service is 'service';
comment on column forecast_miss.metric is 'metric';
comment on column forecast_miss.grain is 'h, d';
comment on column forecast_miss.horizon_days is 'days ahead, as in forecast_score';
comment on column forecast_miss.origin is 'live or backtest';
comment on column forecast_miss.wape is 'ratio, see forecast_score';
comment on column forecast_miss.bias is 'ratio, see forecast_score; above 0 is too high';
comment on column forecast_miss.cause is 'the first of causes; unknown where there is none';
comment on column forecast_miss.causes is 'all that apply, in this order: event, outage, restatement, level shift';
comment on column forecast_miss.event is 'name of a declared event on those days; null for none';
comment on column forecast_miss.outage_hours is 'hours on those days without a measurement, or under 5 % of the usual; an outage from 2 % of the hours on';
comment on column forecast_miss.restated_ratio is 'largest change of what a bill said before of the same days, by a delivery since the forecast, 0.02 is 2 %; a restatement above 2 %; null where there was none';
comment on column forecast_miss.level_ratio is 'median of actual / usual on those days (usual: the same weekday and hour of the 4 weeks before); a level shift where more than 25 % off 1';

create table if not exists forecast_path (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    seed bigint not null,
    short_correlation double not null,
    long_correlation double not null,
    origins timestamp[] not null,
    errors double[] not null,
    peak_errors double[] not null,
    primary key (made_on, service, metric, grain)
);
comment on table forecast_path is 'What the futures of a forecast are simulated from, beside its intervals; the last 7 nights. grain: made_on, service, metric, grain';
comment on column forecast_path.made_on is 'the night that made it';
comment on column forecast_path.service is 'service, (unallocated) or (total)';
comment on column forecast_path.metric is 'metric, or cost_ and the currency in lower case';
comment on column forecast_path.grain is 'd';
comment on column forecast_path.seed is 'of the random numbers; with the names it gives the same futures wherever they are simulated';
comment on column forecast_path.short_correlation is 'of the errors of neighbouring days, -1..1';
comment on column forecast_path.long_correlation is 'of the errors of days that are far apart, 0..1';
comment on column forecast_path.origins is 'moments that the backtest forecast from, UTC';
comment on column forecast_path.errors is 'mean error of the first 28 days from each origin, in sizes of the error to expect; which services are wrong together is learnt from it';
comment on column forecast_path.peak_errors is 'peak of a horizon less the peak of its forecast at the quantiles 1, 5, 10, 25, 50, 75, 90, 95, 99 %, unit of the metric; empty where nothing was backtested';

create table if not exists forecast_unsettled (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    target_time timestamp not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    primary key (made_on, service, metric, target_time)
);
comment on table forecast_unsettled is 'Days before a night that its bill had not settled, as they were forecast for its months; the last 7 nights. grain: made_on, service, metric, target_time';
comment on column forecast_unsettled.made_on is 'the night that made it';
comment on column forecast_unsettled.service is 'service, (unallocated) or (total)';
comment on column forecast_unsettled.metric is 'cost_ and the currency in lower case';
comment on column forecast_unsettled.target_time is 'start of the day, UTC; before made_on';
comment on column forecast_unsettled.mean is 'centre of the forecast, in the currency';
comment on column forecast_unsettled.lo80 is 'lower end of the 80 % interval, in the currency';
comment on column forecast_unsettled.hi80 is 'upper end of the 80 % interval, in the currency';
comment on column forecast_unsettled.lo95 is 'lower end of the 95 % interval, in the currency';
comment on column forecast_unsettled.hi95 is 'upper end of the 95 % interval, in the currency';

create table if not exists forecast_sum (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    period_start date not null,
    known double not null,
    mean double not null,
    quantiles double[] not null,
    primary key (made_on, service, metric, grain, period_start)
);
comment on table forecast_sum is 'The whole distribution of what a month, quarter or fiscal year will cost; the newest night''s. grain: made_on, service, metric, grain, period_start';
comment on column forecast_sum.made_on is 'the night that made it';
comment on column forecast_sum.service is 'service, (unallocated) or (total)';
comment on column forecast_sum.metric is 'cost_ and the currency in lower case';
comment on column forecast_sum.grain is 'm: month; q: calendar quarter; y: fiscal year';
comment on column forecast_sum.period_start is 'first day of the period';
comment on column forecast_sum.known is 'settled cost of it, in the currency; part of the sum';
comment on column forecast_sum.mean is 'centre of the sum, in the currency';
comment on column forecast_sum.quantiles is 'of the sum, in the currency, at the standard normal scores -3, -2.75, ... 3';

create table if not exists event_suggestion (
    service varchar not null,
    metric varchar not null,
    name varchar not null,
    first_day date not null,
    last_day date not null,
    factor double not null,
    seen integer not null,
    configuration varchar not null,
    primary key (service, metric, first_day)
);
comment on table event_suggestion is 'Days of load that look like an event and cannot be known from the past, as the newest night sees it; people decide. grain: service, metric, first_day';
comment on column event_suggestion.service is 'service';
comment on column event_suggestion.metric is 'metric';
comment on column event_suggestion.name is 'name proposed: a feast within the days, else when they were';
comment on column event_suggestion.first_day is 'first day that lay apart';
comment on column event_suggestion.last_day is 'last day that lay apart, included';
comment on column event_suggestion.factor is 'ratio of its level to the same weekdays around it';
comment on column event_suggestion.seen is 'how many times about a year apart the history has such days, this one included';
comment on column event_suggestion.configuration is 'lines to paste into plimsoll.toml: the event as it was, and as it would come again';

create table if not exists series_break (
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    kind varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    is_open boolean not null,
    factor double,
    level double,
    evidence double,
    primary key (service, metric, grain, kind, from_utc)
);
comment on table series_break is 'Where a series left what it was, as the newest night sees it: what forecasts do not train on, and from where on a level counts. grain: service, metric, grain, kind, from_utc';
comment on column series_break.service is 'service';
comment on column series_break.metric is 'metric';
comment on column series_break.grain is 'h, d: the series of hours or of days that it was found in';
comment on column series_break.kind is 'outage: to zero or under a fifth of what is usual; excursion: away, either way, and back; step: at another level since; ramp: moved to another level gradually; saturation: pressed against a ceiling; variance: varies about its level by another measure since';
comment on column series_break.from_utc is 'start of the first hour or day of it, UTC';
comment on column series_break.to_utc is 'end of the last one, UTC; null while it is open, and for a step and a variance, which go on';
comment on column series_break.is_open is 'it had not ended by the newest measurement';
comment on column series_break.factor is 'level in it, or after a step or ramp, over the level before, of a variance spread after it over spread before, ratio; null where values may be below zero';
comment on column series_break.level is 'level in it, or after it, less the level before, unit of the metric; of a saturation the ceiling';
comment on column series_break.evidence is 'robust standard deviations by which it stands out; of a saturation the share of measurements at the ceiling; null where it was declared';
