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

create table advice (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    level varchar not null,
    urgency integer not null,
    is_first boolean not null,
    limit_value double not null,
    peak_now double,
    fullness_ratio double,
    headroom_ratio double,
    p10_date date,
    p50_date date,
    act_by date,
    lead_time_days integer,
    probability_90d double,
    primary key (as_of, service, metric)
);
comment on table advice is 'What to do about each limit, from its headroom; pages only word it. grain: as_of, service, metric';
comment on column advice.as_of is 'the night that made it';
comment on column advice.service is 'service';
comment on column advice.metric is 'metric the limit is on';
comment on column advice.level is 'over: the limit was passed; late: the last safe day to order is past; act: it is within 30 days; watch: it is later, or the plan of the tier does not hold; fine: nothing to do; unknown: no forecast';
comment on column advice.urgency is '1 over, 2 late, 3 act, 4 watch, 5 fine, 6 unknown';
comment on column advice.is_first is 'true for the most urgent limit of the service';
comment on column advice.limit_value is 'in the unit of the metric';
comment on column advice.peak_now is 'see headroom, unit of the metric; null where not measured';
comment on column advice.fullness_ratio is 'peak_now / limit_value';
comment on column advice.headroom_ratio is '1 - planned peak / limit_value; null where there is no forecast';
comment on column advice.p10_date is 'one simulated future in ten has reached the limit by then; null: fewer within the horizon';
comment on column advice.p50_date is 'half of them have';
comment on column advice.act_by is 'last safe day to order more';
comment on column advice.lead_time_days is 'days from deciding to having more';
comment on column advice.probability_90d is 'share of simulated futures that reach the limit within 90 days';

create table month_cost (
    service varchar not null,
    currency varchar not null,
    month date not null,
    usage_cost decimal(38, 12),
    tax_cost decimal(38, 12),
    credit_cost decimal(38, 12),
    support_cost decimal(38, 12),
    total_cost decimal(38, 12),
    forecast_cost double,
    forecast_lo80 double,
    forecast_hi80 double,
    primary key (service, currency, month)
);
comment on table month_cost is 'What each service cost and will cost by calendar month of use, as the newest night knows. grain: service, currency, month';
comment on column month_cost.service is 'service, (unallocated), or (total) for the forecast of the whole bill, whose costs are null: sums over services do not count twice';
comment on column month_cost.currency is 'ISO 4217; never add over currencies';
comment on column month_cost.month is 'first day of the month';
comment on column month_cost.usage_cost is 'effective cost in the currency so far, without tax, credit, support';
comment on column month_cost.tax_cost is 'in the currency';
comment on column month_cost.credit_cost is 'in the currency; below 0';
comment on column month_cost.support_cost is 'in the currency';
comment on column month_cost.total_cost is 'sum of these, in the currency';
comment on column month_cost.forecast_cost is 'the whole month''s usage_cost, what is known of it included, in the currency';
comment on column month_cost.forecast_lo80 is 'lower end of its 80 % interval; null where its services or days were only added up';
comment on column month_cost.forecast_hi80 is 'upper end of its 80 % interval';
