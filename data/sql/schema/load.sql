-- Measured load.

create table if not exists utilization_hour (
    service varchar not null,
    metric varchar not null,
    hour_utc timestamp not null,
    value_avg double not null,
    value_max double not null,
    value_p95 double not null,
    value_sum double not null,
    samples bigint not null,
    source varchar not null
);
comment on table utilization_hour is 'Measured load, one row an hour; an hour without a sample has no row. grain: service, metric, hour_utc';
comment on column utilization_hour.service is 'service';
comment on column utilization_hour.metric is 'metric';
comment on column utilization_hour.hour_utc is 'start of the hour, UTC';
comment on column utilization_hour.value_avg is 'mean of the samples, unit of the metric';
comment on column utilization_hour.value_max is 'largest sample, unit of the metric';
comment on column utilization_hour.value_p95 is '95th percentile of the samples (interpolated), unit of the metric';
comment on column utilization_hour.value_sum is 'sum of the samples, unit of the metric';
comment on column utilization_hour.samples is 'how many samples the hour had, duplicates counted once';
comment on column utilization_hour.source is 'name of the source in the configuration';

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
comment on column utilization_flag.flag is 'flat line: the exporter repeats one value; raw counter: it only rises but for resets, and nothing declares its shape; the hours of both count as missing in forecasts, headroom and unit cost; step of unit: larger or smaller by a factor of units, used as it is';
comment on column utilization_flag.evidence is 'the value that is repeated, unit of the metric; how often it was reset; the factor';

create table if not exists utilization_watermark (
    source varchar not null,
    service varchar not null,
    metric varchar not null,
    question varchar not null,
    asked_until timestamp not null,
    primary key (source, service, metric)
);
comment on table utilization_watermark is 'How far each series of a source that is asked has been asked for. grain: source, service, metric';
comment on column utilization_watermark.source is 'name of the source in the configuration';
comment on column utilization_watermark.service is 'service, or (all) where one question answers for every service';
comment on column utilization_watermark.metric is 'metric';
comment on column utilization_watermark.question is 'hash of what is asked; where it changes the history is asked for again';
comment on column utilization_watermark.asked_until is 'everything before it has been asked for and stored, UTC';

create table if not exists utilization_file (
    source varchar not null,
    file varchar not null,
    size_bytes bigint not null,
    modified varchar not null,
    question varchar not null,
    first_utc timestamp,
    last_utc timestamp,
    known_until timestamp not null,
    rows_read bigint not null,
    rows_rejected bigint not null,
    rows_duplicate bigint not null,
    primary key (source, file)
);
comment on table utilization_file is 'Every file of load that has been read: it is read again where it changes. grain: source, file';
comment on column utilization_file.source is 'name of the source in the configuration';
comment on column utilization_file.file is 'path or address';
comment on column utilization_file.size_bytes is 'bytes, as stored';
comment on column utilization_file.modified is 'when it was last written, or the tag its store gives each version';
comment on column utilization_file.question is 'hash of the rules it was read by';
comment on column utilization_file.first_utc is 'its first readable time, UTC';
comment on column utilization_file.last_utc is 'its last readable time, UTC';
comment on column utilization_file.known_until is 'end of the night that read it: what lies behind is read by a later night';
comment on column utilization_file.rows_read is 'rows, usable or not';
comment on column utilization_file.rows_rejected is 'rows that are not in the tables, see input_issue';
comment on column utilization_file.rows_duplicate is 'exact repeats, counted once';

create table if not exists metric_shape (
    source varchar not null,
    metric varchar not null,
    shape varchar not null,
    primary key (source, metric)
);
comment on table metric_shape is 'What the configuration declares of what its sources measure. grain: source, metric';
comment on column metric_shape.source is 'name of the source in the configuration';
comment on column metric_shape.metric is 'metric; (all) for every metric of the source';
comment on column metric_shape.shape is 'gauge: a value at a moment; counter: it only rises, but for resets; rate: a second; counters and rates are stored as counts of the hour';

create table if not exists lineage (
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

create table if not exists inherited_actual (
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
