-- utilization_flag was a view; version 1 also was written with it as this table.
create table if not exists utilization_flag (
    service varchar not null,
    metric varchar not null,
    source varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    flag varchar not null,
    evidence double not null,
    primary key (service, metric, source, from_utc, flag)
);
comment on table utilization_flag is 'Load that was measured but should not be believed, as the newest night sees it. grain: service, metric, source, from_utc, flag';
comment on column utilization_flag.service is 'service';
comment on column utilization_flag.metric is 'metric';
comment on column utilization_flag.source is 'name of the source in the configuration';
comment on column utilization_flag.from_utc is 'start of the first hour, UTC';
comment on column utilization_flag.to_utc is 'end of the last hour, UTC; null where it goes on';
comment on column utilization_flag.flag is 'flat line: the exporter repeats one value, its hours count as missing in forecasts, headroom and unit cost; step of unit: larger or smaller by a factor of units, used as it is';
comment on column utilization_flag.evidence is 'the value that is repeated, unit of the metric; the factor';

create table source (
    source varchar primary key,
    kind varchar,
    is_configured boolean not null
);
comment on table source is 'Every source that was ever read. grain: source';
comment on column source.source is 'name of the source in the configuration';
comment on column source.kind is 'kind of the source in the configuration; null where an older version read it';
comment on column source.is_configured is 'false where the configuration no longer names it: its bills stay in charge_day and billing_load but do not count; its load is history and does';

alter table unit_cost_day add column is_complete boolean;
comment on column unit_cost_day.requests is 'requests measured that day; null where not measured, or where an hour should not be believed';
comment on column unit_cost_day.cost_per_request_usd is 'USD; null where requests are null, not complete, or under the service''s minimum';
comment on column unit_cost_day.is_complete is 'false where the requests were measured in fewer hours than on the service''s usual day (see load_day); null where not measured';
