-- What to do, decided each night from the tables before it.

create table headroom (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    limit_value double not null,
    peak_now double,
    quantile double not null,
    peak_forecast double,
    headroom_ratio double,
    p10_date date,
    p50_date date,
    p90_date date,
    probability_30d double,
    probability_60d double,
    probability_90d double,
    act_by date,
    primary key (made_on, service, metric)
);
comment on table headroom is 'When each limit will be reached. grain: made_on, service, metric';
comment on column headroom.made_on is 'the night that made it';
comment on column headroom.service is 'service';
comment on column headroom.metric is 'metric the limit is on';
comment on column headroom.limit_value is 'in the unit of the metric';
comment on column headroom.peak_now is 'largest hour of the last 7 days, unit of the metric';
comment on column headroom.quantile is 'how sure: 0.99 for tier 0, 0.95 for tier 1, 0.90 for tier 2 and others';
comment on column headroom.peak_forecast is 'that quantile of the peak of the next 90 days, unit of the metric';
comment on column headroom.headroom_ratio is '1 - peak_forecast / limit_value; below 0 the limit is passed';
comment on column headroom.p10_date is 'one simulated future in ten has reached the limit by then; null: fewer than that within the horizon';
comment on column headroom.p50_date is 'half of them have';
comment on column headroom.p90_date is 'nine in ten have';
comment on column headroom.probability_30d is 'share of simulated futures that reach the limit within 30 days';
comment on column headroom.probability_60d is 'within 60 days';
comment on column headroom.probability_90d is 'within 90 days';
comment on column headroom.act_by is 'p10_date less the lead time: the last safe day to order more';

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
