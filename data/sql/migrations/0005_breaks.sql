alter table forecast_fit add column status varchar;
comment on column forecast_fit.status is 'what to know of the series now: outage since ..., new level, 3 days known, at its limit of ... since ...; null where nothing';
comment on column forecast_fit.series_class is 'stable, spiky, new, new level, flat, intermittent, ...: how forecastable the series is, of the level that is forecast from';

create table series_break (
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
comment on column series_break.kind is 'outage: to zero or under a fifth of what is usual; excursion: away, either way, and back; step: at another level since; ramp: moved to another level gradually; saturation: pressed against a ceiling';
comment on column series_break.from_utc is 'start of the first hour or day of it, UTC';
comment on column series_break.to_utc is 'end of the last one, UTC; null while it is open, and for a step, which goes on';
comment on column series_break.is_open is 'it had not ended by the newest measurement';
comment on column series_break.factor is 'level in it, or after a step or ramp, over the level before, ratio; null where values may be below zero';
comment on column series_break.level is 'level in it, or after it, less the level before, unit of the metric; of a saturation the ceiling';
comment on column series_break.evidence is 'robust standard deviations by which it stands out; of a saturation the share of measurements at the ceiling; null where it was declared';
