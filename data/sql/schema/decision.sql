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
