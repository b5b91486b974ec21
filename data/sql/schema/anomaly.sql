-- What was unlike what was expected.

create table if not exists anomaly (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    kind varchar not null,
    direction varchar not null,
    expected double not null,
    actual double not null,
    impact double not null,
    unit varchar not null,
    score double not null,
    cause varchar not null,
    is_muted boolean not null,
    muted_by varchar,
    first_seen date not null,
    primary key (as_of, service, metric, from_utc)
);
comment on table anomaly is 'Episodes of cost and load unlike what was expected, as far back as [anomaly] lookback_days, each as a night of its time would have seen it. grain: as_of, service, metric, from_utc';
comment on column anomaly.as_of is 'the night; settled days (cost) and complete hours (load) before it are judged';
comment on column anomaly.service is 'service, (unallocated), or (total) where a price moved the bills of several services';
comment on column anomaly.metric is 'metric, or cost_ and the currency in lower case';
comment on column anomaly.from_utc is 'its first hour or day, UTC';
comment on column anomaly.to_utc is 'end of its last hour or day, UTC; null where it is still open';
comment on column anomaly.kind is 'spike, step, leak (steady growth), creep (slow growth), drop, new product, vanished product, plateau';
comment on column anomaly.direction is 'up or down';
comment on column anomaly.expected is 'sum over the episode of what was expected, in unit; of a gauge the mean';
comment on column anomaly.actual is 'sum over the episode of what was measured, in unit; of a gauge the mean';
comment on column anomaly.impact is 'sum over the episode of actual less expected, in unit (of a gauge unit hours); below 0 where it fell';
comment on column anomaly.unit is 'the currency, or the metric';
comment on column anomaly.score is 'how far outside, 1 is the edge of the calibrated interval that alerts';
comment on column anomaly.cause is 'follows load, price (at list), discount (or commitment), use, new product, vanished product; of load: outage, load';
comment on column anomaly.is_muted is 'true where it is not to be acted on, see muted_by';
comment on column anomaly.muted_by is 'event NAME, break: KIND, acknowledged: REASON, follows load, small, price (see the row of all services), moved within the service, moved to or from OTHERS (use that only changed its owner), one of many; null where it is not muted';
comment on column anomaly.first_seen is 'the first night that could see it: a cost shows once its day is settled';

create table if not exists anomaly_part (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    place integer not null,
    owner varchar not null,
    provider varchar,
    account varchar,
    product varchar,
    region varchar,
    usage_type varchar,
    impact double not null,
    primary key (as_of, service, metric, from_utc, place)
);
comment on table anomaly_part is 'The smallest set of cells that explains most of each anomaly of cost. grain: as_of, service, metric, from_utc, place';
comment on column anomaly_part.as_of is 'the night';
comment on column anomaly_part.service is 'service of the anomaly';
comment on column anomaly_part.metric is 'metric of the anomaly';
comment on column anomaly_part.from_utc is 'start of the anomaly, UTC';
comment on column anomaly_part.place is '1 explains most';
comment on column anomaly_part.owner is 'service that the cell belongs to';
comment on column anomaly_part.provider is 'who provides the product';
comment on column anomaly_part.account is 'account id';
comment on column anomaly_part.product is 'FOCUS ServiceName';
comment on column anomaly_part.region is 'FOCUS RegionId';
comment on column anomaly_part.usage_type is 'FOCUS ConsumedUnit: what kind of use';
comment on column anomaly_part.impact is 'actual less expected over the episode, in the currency';

create table if not exists anomaly_band (
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

create table if not exists anomaly_ack (
    service varchar not null,
    metric varchar,
    first_day date not null,
    last_day date not null,
    reason varchar not null
);
comment on table anomaly_ack is 'Anomalies that somebody has seen and explained, from the file that [anomaly] acknowledged names. grain: service, metric, first_day';
comment on column anomaly_ack.service is 'service';
comment on column anomaly_ack.metric is 'metric; null for all of the service';
comment on column anomaly_ack.first_day is 'first day it holds for, UTC';
comment on column anomaly_ack.last_day is 'last day it holds for, UTC, included';
comment on column anomaly_ack.reason is 'why nothing more is to be done';

create table if not exists anomaly_minimum (
    service varchar primary key,
    minimum_impact double not null
);
comment on table anomaly_minimum is 'What an anomaly of cost must be worth, by service, from [anomaly.minimum_impact]. grain: service';
comment on column anomaly_minimum.service is 'service';
comment on column anomaly_minimum.minimum_impact is 'over the episode, in its currency; smaller ones are muted';
