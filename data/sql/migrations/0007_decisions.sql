-- What decisions are made from, and what they say.
create table forecast_path (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    seed bigint not null,
    short_correlation double not null,
    long_correlation double not null,
    origins timestamp[] not null,
    errors double[] not null,
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

create table forecast_unsettled (
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

create table forecast_sum (
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
