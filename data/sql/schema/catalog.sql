-- What people said: services, metrics, events, limits, sources.

create table if not exists service (
    service varchar primary key,
    is_catalogued boolean not null,
    tier integer,
    team varchar,
    country varchar,
    request_metric varchar,
    minimum_requests_day double,
    accounts varchar[] not null,
    aliases varchar[] not null,
    shared_rule varchar,
    is_telemetry boolean not null,
    target_cost_per_million_usd double,
    budget_usd_month decimal(38, 12),
    timezone varchar
);
comment on table service is 'Every service of the catalog, and every other one that a bill or a metric names. grain: service';
comment on column service.service is 'name; (unallocated) is not a service';
comment on column service.is_catalogued is 'false where only a tag or a metric names it';
comment on column service.tier is '0 (most important) to 2; null where not catalogued';
comment on column service.team is 'who owns it';
comment on column service.country is 'ISO 3166 code whose holidays move its load; null for none';
comment on column service.request_metric is 'the metric that counts its business unit, e.g. requests';
comment on column service.minimum_requests_day is 'requests a day under which unit cost is null';
comment on column service.accounts is 'account ids whose untagged charges are its own';
comment on column service.aliases is 'other spellings of it in tags and in load';
comment on column service.shared_rule is 'how its cost is split over the others; null where it is not shared';
comment on column service.is_telemetry is 'true where its cost is the cost of observing the others';
comment on column service.target_cost_per_million_usd is 'USD per million requests the team aims at';
comment on column service.budget_usd_month is 'USD a month';
comment on column service.timezone is 'IANA name of the zone whose clock its load follows; null: that of its country, else what the load shows where clocks change, else UTC';

create table if not exists shared_share (
    service varchar not null,
    recipient varchar not null,
    share decimal(18, 9) not null,
    primary key (service, recipient)
);
comment on table shared_share is 'Who pays which part of a shared service whose rule is fixed. grain: service, recipient';
comment on column shared_share.service is 'the shared service';
comment on column shared_share.recipient is 'the service that pays';
comment on column shared_share.share is 'ratio; those of one service add up to 1';

create table if not exists shared_component (
    service varchar not null,
    component varchar not null,
    rule varchar not null,
    primary key (service, component)
);
comment on table shared_component is 'How a component of a shared service is split where it is not by the service''s own rule. grain: service, component';
comment on column shared_component.service is 'the shared service';
comment on column shared_component.component is 'direct, support, commitment_unused, split_unused, tax or credit (the last two stay where they are unless said here)';
comment on column shared_component.rule is 'proportional, requests, even, fixed (see shared_share), or none: it stays';

create table if not exists metric (
    metric varchar primary key,
    kind varchar not null
);
comment on table metric is 'How each metric adds up. grain: metric';
comment on column metric.metric is 'name';
comment on column metric.kind is 'count: an hour is the sum of its samples; gauge: an hour is their mean, a day its peak';

create table if not exists event (
    name varchar not null,
    first_day date not null,
    last_day date not null,
    service varchar
);
comment on table event is 'What people declared that moves load or cost: launches, sales, migrations. grain: name, first_day, last_day, service';
comment on column event.name is 'events of one name are alike';
comment on column event.first_day is 'first day it moves, UTC';
comment on column event.last_day is 'last day it moves, UTC, included';
comment on column event.service is 'service it moves; null for every service';

create table if not exists capacity_limit (
    service varchar not null,
    metric varchar not null,
    valid_from date not null,
    limit_value double not null,
    lead_time_days integer not null,
    unit_cost_usd_month decimal(38, 12),
    source varchar,
    units double,
    is_declared boolean,
    primary key (service, metric, valid_from)
);
comment on table capacity_limit is 'What each service can carry; a new row where it changes. grain: service, metric, valid_from';
comment on column capacity_limit.service is 'service';
comment on column capacity_limit.metric is 'metric the limit is on';
comment on column capacity_limit.valid_from is 'first day it holds: the night that first knew it, or the day that was declared';
comment on column capacity_limit.limit_value is 'in the unit of the metric';
comment on column capacity_limit.lead_time_days is 'days from deciding to having more';
comment on column capacity_limit.unit_cost_usd_month is 'USD a month for one more unit: one of units, or where they are not known one of the metric';
comment on column capacity_limit.source is 'source of load that measured it; null where the catalog says it, which then holds';
comment on column capacity_limit.units is 'how many units (instances, shards, licences) together carry the limit; null where not known';
comment on column capacity_limit.is_declared is 'true where the catalog said it before its day';

create table if not exists source (
    source varchar primary key,
    kind varchar,
    is_configured boolean not null
);
comment on table source is 'Every source that was ever read. grain: source';
comment on column source.source is 'name of the source in the configuration';
comment on column source.kind is 'kind of the source in the configuration; null where an older version read it';
comment on column source.is_configured is 'false where the configuration no longer names it: its bills stay in charge_day and billing_load but do not count; its load is history and does';

create table if not exists budget (
    scope varchar not null,
    name varchar not null,
    period varchar not null,
    currency varchar not null,
    amount decimal(38, 12) not null,
    valid_from date not null,
    valid_until date,
    primary key (scope, name, period, currency, valid_from)
);
comment on table budget is 'What people may spend, from the configuration and the catalog. grain: scope, name, period, currency, valid_from';
comment on column budget.scope is 'service, team, account, tag or total';
comment on column budget.name is 'service, team, account id, key=value of the tag, or (total)';
comment on column budget.period is 'm: month, q: calendar quarter, y: fiscal year';
comment on column budget.currency is 'ISO 4217';
comment on column budget.amount is 'a period, in the currency; of use, without tax, credit, support';
comment on column budget.valid_from is 'periods that begin then or later';
comment on column budget.valid_until is 'and before then; null: no end';

create table if not exists scenario_change (
    scenario varchar not null,
    kind varchar not null,
    service varchar not null,
    first_day date not null,
    last_day date,
    place integer not null,
    what varchar not null,
    subject varchar,
    factor double,
    amount double,
    discount double,
    share double,
    from_region varchar,
    to_region varchar,
    primary key (scenario, service, place)
);
comment on table scenario_change is 'What each scenario of the configuration changes. grain: scenario, service, place';
comment on column scenario_change.scenario is 'its name';
comment on column scenario_change.kind is 'growth, launch, event, price, limit, migration or commitment';
comment on column scenario_change.service is 'service that it changes';
comment on column scenario_change.first_day is 'first day that is changed, UTC';
comment on column scenario_change.last_day is 'last day that is changed, UTC, included; null: it stays. Growth has its size from then on';
comment on column scenario_change.place is 'of the change in the configuration';
comment on column scenario_change.what is 'requests, limit, price, move or commitment';
comment on column scenario_change.subject is 'metric of the limit, product of the price or move';
comment on column scenario_change.factor is 'what it is multiplied by; of a move, of the price of a unit, null: as billed';
comment on column scenario_change.amount is 'the new limit, unit of the metric; of a commitment USD an hour';
comment on column scenario_change.discount is 'of a commitment, ratio';
comment on column scenario_change.share is 'of the use that moves, ratio';
comment on column scenario_change.from_region is 'region it moves from';
comment on column scenario_change.to_region is 'region it moves to';
