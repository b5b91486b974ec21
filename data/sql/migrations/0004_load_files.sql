-- What is declared of load: the shape of metrics, and which service goes on with the history of another.
create table metric_shape (
    source varchar not null,
    metric varchar not null,
    shape varchar not null,
    primary key (source, metric)
);
comment on table metric_shape is 'What the configuration declares of what its sources measure. grain: source, metric';
comment on column metric_shape.source is 'name of the source in the configuration';
comment on column metric_shape.metric is 'metric; (all) for every metric of the source';
comment on column metric_shape.shape is 'gauge: a value at a moment; counter: it only rises, but for resets; rate: a second; counters and rates are stored as counts of the hour';

create table lineage (
    from_service varchar not null,
    to_service varchar not null,
    day date not null,
    share double not null,
    primary key (from_service, to_service, day)
);
comment on table lineage is 'Services that were renamed, split or merged, as declared. grain: from_service, to_service, day';
comment on column lineage.from_service is 'service whose history goes on elsewhere';
comment on column lineage.to_service is 'service that goes on with it';
comment on column lineage.day is 'first day, UTC, that belongs to to_service';
comment on column lineage.share is 'ratio of the counts and the cost of from_service before that day which are history of to_service';

create table inherited_actual (
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    time_utc timestamp not null,
    value double not null,
    primary key (service, metric, grain, time_utc)
);
comment on table inherited_actual is 'All that was measured of the services that go on with the history of others (see lineage), with that history: what the view actual says of them. grain: service, metric, grain, time_utc';
comment on column inherited_actual.service is 'service that goes on';
comment on column inherited_actual.metric is 'metric, or cost_ and the currency';
comment on column inherited_actual.grain is 'h: hour; d: day (counts and cost summed, gauges at their peak)';
comment on column inherited_actual.time_utc is 'start of the hour or day, UTC';
comment on column inherited_actual.value is 'unit of the metric; counts and cost by share, gauges as they were: of several their mean by share (h) or their peak (d)';

comment on column utilization_flag.flag is 'flat line: the exporter repeats one value; raw counter: it only rises but for resets, and nothing declares its shape; the hours of both count as missing in forecasts, headroom and unit cost; step of unit: larger or smaller by a factor of units, used as it is';
comment on column utilization_flag.evidence is 'the value that is repeated, unit of the metric; how often it was reset; the factor';
comment on column service.aliases is 'other spellings of it in tags and in load';
