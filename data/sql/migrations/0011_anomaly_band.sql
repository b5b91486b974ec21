-- What anomalies stood out from.
create table anomaly_band (
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    time_utc timestamp not null,
    part varchar,
    actual double,
    expected double,
    lo double,
    hi double,
    primary key (service, metric, from_utc, time_utc)
);
comment on table anomaly_band is 'What the newest night''s anomalies that are looked at first (open, large, not muted) stood out from: days around those of cost, hours around those of load. grain: service, metric, from_utc, time_utc';
comment on column anomaly_band.service is 'service of the anomaly';
comment on column anomaly_band.metric is 'metric of the anomaly';
comment on column anomaly_band.from_utc is 'start of the anomaly, UTC';
comment on column anomaly_band.time_utc is 'start of the day or hour, UTC';
comment on column anomaly_band.part is 'product and region of the cell that alerted, whose cost this is; null: the whole service';
comment on column anomaly_band.actual is 'measured, in the currency or the unit of the metric; null where missing';
comment on column anomaly_band.expected is 'expected, from what was known before; null where nothing was';
comment on column anomaly_band.lo is 'from here down it alerts; null where nothing was judged';
comment on column anomaly_band.hi is 'from here up it alerts; null where nothing was judged';
