-- The contract: every table, its grain and the unit of every column.
-- Times are UTC without a zone; money is decimal with its currency beside it; ratios are 0..1; missing is null.
-- A table whose grain can hold nulls, or that is too large for an index, states its grain in its comment only;
-- checks/grain_*.sql prove it every night. The views over them are in views.sql.

create table service (
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
    budget_usd_month decimal(38, 12)
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
comment on column service.aliases is 'other spellings of it in tags';
comment on column service.shared_rule is 'how its cost is split over the others; null where it is not shared';
comment on column service.is_telemetry is 'true where its cost is the cost of observing the others';
comment on column service.target_cost_per_million_usd is 'USD per million requests the team aims at';
comment on column service.budget_usd_month is 'USD a month';

create table shared_share (
    service varchar not null,
    recipient varchar not null,
    share decimal(18, 9) not null,
    primary key (service, recipient)
);
comment on table shared_share is 'Who pays which part of a shared service whose rule is fixed. grain: service, recipient';
comment on column shared_share.service is 'the shared service';
comment on column shared_share.recipient is 'the service that pays';
comment on column shared_share.share is 'ratio; those of one service add up to 1';

create table metric (
    metric varchar primary key,
    kind varchar not null
);
comment on table metric is 'How each metric adds up. grain: metric';
comment on column metric.metric is 'name';
comment on column metric.kind is 'count: an hour is the sum of its samples; gauge: an hour is their mean, a day its peak';

create table event (
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

create table capacity_limit (
    service varchar not null,
    metric varchar not null,
    valid_from date not null,
    limit_value double not null,
    lead_time_days integer not null,
    unit_cost_usd_month decimal(38, 12),
    source varchar,
    primary key (service, metric, valid_from)
);
comment on table capacity_limit is 'What each service can carry; a new row where it changes. grain: service, metric, valid_from';
comment on column capacity_limit.service is 'service';
comment on column capacity_limit.metric is 'metric the limit is on';
comment on column capacity_limit.valid_from is 'first night that knew this limit';
comment on column capacity_limit.limit_value is 'in the unit of the metric';
comment on column capacity_limit.lead_time_days is 'days from deciding to having more';
comment on column capacity_limit.unit_cost_usd_month is 'USD a month for one more unit of the metric';
comment on column capacity_limit.source is 'source of load that measured it; null where the catalog says it, which then holds';

create table utilization_hour (
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

create table utilization_flag (
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

create table utilization_watermark (
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

create table utilization_file (
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

create table input_issue (
    source varchar not null,
    file varchar not null,
    severity varchar not null,
    reason varchar not null,
    rows bigint not null,
    example varchar
);
comment on table input_issue is 'What was wrong with the last delivery of each source. grain: source, file, severity, reason';
comment on column input_issue.source is 'name of the source in the configuration';
comment on column input_issue.file is 'file, or the part of the source it was found in';
comment on column input_issue.severity is 'rejected: the rows are not in the tables; warning: they are, normalised';
comment on column input_issue.reason is 'what is wrong with them';
comment on column input_issue.rows is 'how many rows';
comment on column input_issue.example is 'one of them, as it was found';

create table billing_load (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    currency varchar not null,
    fingerprint varchar not null,
    files integer not null,
    lines bigint not null,
    billed_cost decimal(38, 12) not null,
    effective_cost decimal(38, 12),
    list_cost decimal(38, 12),
    contracted_cost decimal(38, 12),
    lines_without_invoice bigint,
    last_charge_date date not null,
    delivered_at timestamp,
    loaded_at timestamp not null,
    is_current boolean not null,
    primary key (source, billing_period, execution_id, currency)
);
comment on table billing_load is 'Every delivery of every billing period that was ever loaded, with its totals. grain: source, billing_period, execution_id, currency';
comment on column billing_load.source is 'name of the source in the configuration';
comment on column billing_load.billing_period is 'first day of the invoiced month';
comment on column billing_load.execution_id is 'the vendor''s id of the delivery, or a hash of the files where there is none';
comment on column billing_load.currency is 'ISO 4217; totals are never added over currencies';
comment on column billing_load.fingerprint is 'hash of the files and of the rules they were read by; unchanged means nothing to load';
comment on column billing_load.files is 'how many data files the delivery has';
comment on column billing_load.lines is 'how many lines in this currency';
comment on column billing_load.billed_cost is 'total in the currency; ties to the invoice';
comment on column billing_load.effective_cost is 'total in the currency, commitments amortised';
comment on column billing_load.list_cost is 'total in the currency before any discount';
comment on column billing_load.contracted_cost is 'total in the currency at contracted prices';
comment on column billing_load.lines_without_invoice is 'how many lines no invoice names yet; null where not known';
comment on column billing_load.last_charge_date is 'newest day it charges';
comment on column billing_load.delivered_at is 'when the vendor wrote it, UTC; null where the delivery does not say';
comment on column billing_load.loaded_at is 'when it was first loaded, UTC';
comment on column billing_load.is_current is 'true for the delivery that charge_day holds';

create table billing_load_day (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    provider varchar,
    currency varchar not null,
    charge_date date not null,
    usage_cost decimal(38, 12)
);
comment on table billing_load_day is 'What each delivery knew of each day of use: how complete a day is by its age is learnt from it. grain: source, billing_period, execution_id, provider, currency, charge_date';
comment on column billing_load_day.source is 'name of the source in the configuration';
comment on column billing_load_day.billing_period is 'first day of the invoiced month';
comment on column billing_load_day.execution_id is 'the delivery, see billing_load';
comment on column billing_load_day.provider is 'who provides what was used';
comment on column billing_load_day.currency is 'ISO 4217';
comment on column billing_load_day.charge_date is 'day of use, UTC';
comment on column billing_load_day.usage_cost is 'effective cost of use in the currency, without corrections, tax, credits and purchases';

create table charge_day (
    source varchar not null,
    billing_period date not null,
    charge_date date not null,
    owner_tag_key varchar,
    owner_tag varchar,
    provider varchar,
    account varchar,
    service_category varchar,
    product varchar,
    region varchar,
    charge_category varchar,
    charge_class varchar,
    pricing_category varchar,
    commitment_status varchar,
    consumed_unit varchar,
    currency varchar not null,
    billed_cost decimal(38, 12) not null,
    effective_cost decimal(38, 12),
    list_cost decimal(38, 12),
    contracted_cost decimal(38, 12),
    consumed_quantity double,
    lines bigint not null
);
comment on table charge_day is 'Bills as delivered, summed to the day and not yet given to services. grain: source, billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency';
comment on column charge_day.source is 'name of the source in the configuration';
comment on column charge_day.billing_period is 'first day of the invoiced month (BillingPeriodStart)';
comment on column charge_day.charge_date is 'day of use, UTC (ChargePeriodStart)';
comment on column charge_day.owner_tag_key is 'the first of allocation.tag_keys that the line carries';
comment on column charge_day.owner_tag is 'the value of that tag';
comment on column charge_day.provider is 'ServiceProviderName, or ProviderName before FOCUS 1.3';
comment on column charge_day.account is 'SubAccountId, or BillingAccountId where there is none';
comment on column charge_day.service_category is 'ServiceCategory';
comment on column charge_day.product is 'ServiceName';
comment on column charge_day.region is 'RegionId';
comment on column charge_day.charge_category is 'Usage, Purchase, Tax, Credit or Adjustment';
comment on column charge_day.charge_class is 'Correction where the line restates an earlier period';
comment on column charge_day.pricing_category is 'Standard, Dynamic, Committed or Other';
comment on column charge_day.commitment_status is 'Used or Unused where a commitment covers the line';
comment on column charge_day.consumed_unit is 'unit of consumed_quantity';
comment on column charge_day.currency is 'BillingCurrency, ISO 4217';
comment on column charge_day.billed_cost is 'in the currency; ties to the invoice';
comment on column charge_day.effective_cost is 'in the currency, commitments amortised';
comment on column charge_day.list_cost is 'in the currency before any discount';
comment on column charge_day.contracted_cost is 'in the currency at contracted prices';
comment on column charge_day.consumed_quantity is 'in consumed_unit';
comment on column charge_day.lines is 'how many lines of the bill';

create table bill (
    source varchar not null,
    billing_period date not null,
    currency varchar not null,
    execution_id varchar not null,
    delivered_at timestamp,
    lines bigint not null,
    billed_cost decimal(38, 12) not null,
    effective_cost decimal(38, 12),
    finality varchar not null,
    invoice_total decimal(38, 12),
    invoice_difference decimal(38, 12),
    primary key (source, billing_period, currency)
);
comment on table bill is 'Every billing period as it is loaded: its totals, whether they may still change, and the invoice. grain: source, billing_period, currency';
comment on column bill.source is 'name of the source in the configuration';
comment on column bill.billing_period is 'first day of the invoiced month';
comment on column bill.currency is 'ISO 4217';
comment on column bill.execution_id is 'the delivery that is loaded, see billing_load';
comment on column bill.delivered_at is 'when the vendor wrote it, UTC';
comment on column bill.lines is 'how many lines';
comment on column bill.billed_cost is 'in the currency; ties to the invoice';
comment on column bill.effective_cost is 'in the currency, commitments amortised';
comment on column bill.finality is 'open: the month runs; closed: it is over but may be restated; final: every line names its invoice, or the month closed 15 days ago';
comment on column bill.invoice_total is 'in the currency, from the configuration; null where it names none';
comment on column bill.invoice_difference is 'billed_cost less invoice_total, in the currency';

create table exchange_rate (
    date date not null,
    from_currency varchar not null,
    to_currency varchar not null,
    rate double not null,
    primary key (date, from_currency, to_currency)
);
comment on table exchange_rate is 'The rates of the configuration''s table; nothing is converted without. grain: date, from_currency, to_currency';
comment on column exchange_rate.date is 'first day it holds; it holds until the next';
comment on column exchange_rate.from_currency is 'ISO 4217';
comment on column exchange_rate.to_currency is 'ISO 4217';
comment on column exchange_rate.rate is 'how much of to_currency one unit of from_currency is';

create table cost_day (
    source varchar not null,
    billing_period date not null,
    charge_date date not null,
    service varchar not null,
    allocation_reason varchar not null,
    provider varchar,
    account varchar,
    service_category varchar,
    product varchar,
    region varchar,
    charge_category varchar,
    charge_class varchar,
    pricing_category varchar,
    commitment_status varchar,
    currency varchar not null,
    billed_cost decimal(38, 12) not null,
    effective_cost decimal(38, 12),
    list_cost decimal(38, 12),
    contracted_cost decimal(38, 12),
    consumed_quantity double,
    lines bigint not null
);
comment on table cost_day is 'Bills given to services; adds up to the invoice by source, billing_period and currency. grain: source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, currency';
comment on column cost_day.source is 'name of the source in the configuration';
comment on column cost_day.billing_period is 'first day of the invoiced month: use it to tie to invoices';
comment on column cost_day.charge_date is 'day of use, UTC: use it for trends';
comment on column cost_day.service is 'owner, or (unallocated)';
comment on column cost_day.allocation_reason is 'the rule that gave it to the service: tag KEY, alias in tag KEY, account, rule N, or none';
comment on column cost_day.provider is 'who provides the product';
comment on column cost_day.account is 'account id';
comment on column cost_day.service_category is 'FOCUS ServiceCategory';
comment on column cost_day.product is 'FOCUS ServiceName';
comment on column cost_day.region is 'FOCUS RegionId';
comment on column cost_day.charge_category is 'Usage, Purchase, Tax, Credit or Adjustment';
comment on column cost_day.charge_class is 'Correction where the line restates an earlier period';
comment on column cost_day.pricing_category is 'Standard, Dynamic, Committed or Other';
comment on column cost_day.commitment_status is 'Used or Unused where a commitment covers the line';
comment on column cost_day.currency is 'ISO 4217; never add over currencies';
comment on column cost_day.billed_cost is 'in the currency; ties to the invoice';
comment on column cost_day.effective_cost is 'in the currency, commitments amortised';
comment on column cost_day.list_cost is 'in the currency before any discount';
comment on column cost_day.contracted_cost is 'in the currency at contracted prices';
comment on column cost_day.consumed_quantity is 'sum over lines; null where the lines have different units';
comment on column cost_day.lines is 'how many lines of the bill';

create table built (
    name varchar primary key,
    fingerprint varchar not null
);
comment on table built is 'What the large tables were built from, so that a night on unchanged bills does not build them again. grain: name';
comment on column built.name is 'the table';
comment on column built.fingerprint is 'hash of its inputs, of its query and of itself';

create table cost_service_day (
    service varchar not null,
    date date not null,
    component varchar not null,
    currency varchar not null,
    effective_cost decimal(38, 12),
    billed_cost decimal(38, 12) not null,
    is_settled boolean not null,
    primary key (service, date, component, currency)
);
comment on table cost_service_day is 'What each service cost by day of use. grain: service, date, component, currency';
comment on column cost_service_day.service is 'service, or (unallocated)';
comment on column cost_service_day.date is 'day of use, UTC';
comment on column cost_service_day.component is 'direct: its own; support, commitment_unused, tax, credit: its own, apart from use; shared, telemetry: its part of shared services, taken from theirs (they add up to 0 over all services)';
comment on column cost_service_day.currency is 'ISO 4217; never add over currencies';
comment on column cost_service_day.effective_cost is 'in the currency, commitments amortised';
comment on column cost_service_day.billed_cost is 'in the currency; ties to the invoice';
comment on column cost_service_day.is_settled is 'false while the vendor may still add charges to the day: do not rank, alert or train on it';

create table unit_cost_day (
    service varchar not null,
    date date not null,
    requests double,
    direct_cost_usd decimal(38, 12),
    cost_usd decimal(38, 12),
    cost_per_request_usd double,
    cost_per_million_usd double,
    is_settled boolean not null,
    is_complete boolean,
    primary key (service, date)
);
comment on table unit_cost_day is 'What one request cost. grain: service, date';
comment on column unit_cost_day.service is 'service';
comment on column unit_cost_day.date is 'day of use, UTC';
comment on column unit_cost_day.requests is 'requests measured that day; null where not measured, or where an hour should not be believed';
comment on column unit_cost_day.direct_cost_usd is 'effective cost in USD of what the service uses itself';
comment on column unit_cost_day.cost_usd is 'effective cost in USD, direct and its part of shared services, without tax, credit, support; null where there is none in USD';
comment on column unit_cost_day.cost_per_request_usd is 'USD; null where requests are null, not complete, or under the service''s minimum';
comment on column unit_cost_day.cost_per_million_usd is 'USD per million requests';
comment on column unit_cost_day.is_settled is 'false while the vendor may still add charges to the day: do not rank or alert on it';
comment on column unit_cost_day.is_complete is 'false where the requests were measured in fewer hours than on the service''s usual day (see load_day); null where not measured';

create table forecast (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    target_time timestamp not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    model varchar not null,
    origin varchar not null
);
comment on table forecast is 'Every forecast with the night it was made on. grain: made_on, service, metric, grain, target_time, origin';
comment on column forecast.made_on is 'the night that made it: nothing at or after this moment was known';
comment on column forecast.service is 'service, (unallocated), or (total) for the whole bill of a currency';
comment on column forecast.metric is 'metric, or cost_ and the currency in lower case';
comment on column forecast.grain is 'h: hour; d: day (counts and cost summed, gauges at their peak); m, q: calendar month, quarter of cost, what is known of it included';
comment on column forecast.target_time is 'start of the hour, day or month that is forecast, UTC';
comment on column forecast.mean is 'centre of the forecast, unit of the metric';
comment on column forecast.lo80 is 'lower end of the 80 % interval, unit of the metric';
comment on column forecast.hi80 is 'upper end of the 80 % interval, unit of the metric';
comment on column forecast.lo95 is 'lower end of the 95 % interval, unit of the metric';
comment on column forecast.hi95 is 'upper end of the 95 % interval, unit of the metric';
comment on column forecast.model is 'model, or the models combined';
comment on column forecast.origin is 'live: made by the night of made_on; backtest: made later from what was known then';

create table forecast_fit (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    series_class varchar not null,
    model varchar not null,
    models_kept varchar[] not null,
    wape double,
    wape_naive double,
    mase double,
    coverage80 double,
    coverage95 double,
    history_points integer not null,
    seconds double not null,
    fallback_reason varchar,
    width80 double,
    width95 double,
    live_coverage80 double,
    live_coverage95 double,
    primary key (made_on, service, metric, grain)
);
comment on table forecast_fit is 'How each forecast was made. grain: made_on, service, metric, grain';
comment on column forecast_fit.made_on is 'the night that made it';
comment on column forecast_fit.service is 'service';
comment on column forecast_fit.metric is 'metric';
comment on column forecast_fit.grain is 'h, d';
comment on column forecast_fit.series_class is 'stable, spiky, new, flat, intermittent, ...: how forecastable the series is';
comment on column forecast_fit.model is 'model, or the models combined';
comment on column forecast_fit.models_kept is 'the models that were combined';
comment on column forecast_fit.wape is 'sum of absolute errors / sum of actuals, on origins it was not chosen on';
comment on column forecast_fit.wape_naive is 'the same of seasonal naive';
comment on column forecast_fit.mase is 'mean absolute error / in-sample seasonal-naive error';
comment on column forecast_fit.coverage80 is 'share of actuals inside the 80 % interval, on origins it was not chosen on';
comment on column forecast_fit.coverage95 is 'share of actuals inside the 95 % interval';
comment on column forecast_fit.history_points is 'how many known values it was fitted on';
comment on column forecast_fit.seconds is 'seconds of its share of the fit; the one column that differs between equal nights';
comment on column forecast_fit.fallback_reason is 'why seasonal naive stands in; null where it does not';
comment on column forecast_fit.width80 is 'what live coverage multiplied both half-widths of the 80 % interval by; 1 or null: left as they were';
comment on column forecast_fit.width95 is 'the same of the 95 % interval';
comment on column forecast_fit.live_coverage80 is 'share of actuals inside the 80 % intervals of the last 28 nights, before width80; null where none has met its actual';
comment on column forecast_fit.live_coverage95 is 'the same of the 95 % interval';

create table forecast_score (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    points bigint not null,
    wape double,
    wape_naive double,
    mase double,
    bias double,
    pinball double,
    coverage80 double,
    coverage95 double,
    actual_total double,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);
comment on table forecast_score is 'How good each forecast was, from what has happened since. grain: made_on, service, metric, grain, horizon_days, origin';
comment on column forecast_score.made_on is 'the night that made the forecast';
comment on column forecast_score.service is 'service';
comment on column forecast_score.metric is 'metric';
comment on column forecast_score.grain is 'h, d';
comment on column forecast_score.horizon_days is 'days ahead, up to and with: 1, 7, 14, 28, 60, 90; each bucket starts where the one before ends';
comment on column forecast_score.origin is 'live or backtest';
comment on column forecast_score.points is 'how many forecasts have met their actual';
comment on column forecast_score.wape is 'sum of absolute errors / sum of absolute actuals';
comment on column forecast_score.wape_naive is 'the same of seasonal naive (one week back)';
comment on column forecast_score.mase is 'mean absolute error / mean absolute seasonal-naive error of the 8 weeks before made_on';
comment on column forecast_score.bias is 'sum of (forecast - actual) / sum of absolute actuals; above 0 is too high';
comment on column forecast_score.pinball is 'mean quantile loss over 2.5, 10, 50, 90, 97.5 %, unit of the metric';
comment on column forecast_score.coverage80 is 'share of actuals inside the 80 % interval';
comment on column forecast_score.coverage95 is 'share of actuals inside the 95 % interval';
comment on column forecast_score.actual_total is 'sum of absolute actuals, unit of the metric: the weight of its wape and bias';

create table forecast_miss (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    wape double not null,
    bias double,
    cause varchar not null,
    causes varchar[] not null,
    event varchar,
    outage_hours bigint,
    restated_ratio double,
    level_ratio double,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);
comment on table forecast_miss is 'Scores of stable series over the target (wape above 0.2), and why as far as known. grain: made_on, service, metric, grain, horizon_days, origin';
comment on column forecast_miss.made_on is 'the night that made the forecast';
comment on column forecast_miss.service is 'service';
comment on column forecast_miss.metric is 'metric';
comment on column forecast_miss.grain is 'h, d';
comment on column forecast_miss.horizon_days is 'days ahead, as in forecast_score';
comment on column forecast_miss.origin is 'live or backtest';
comment on column forecast_miss.wape is 'ratio, see forecast_score';
comment on column forecast_miss.bias is 'ratio, see forecast_score; above 0 is too high';
comment on column forecast_miss.cause is 'the first of causes; unknown where there is none';
comment on column forecast_miss.causes is 'all that apply, in this order: event, outage, restatement, level shift';
comment on column forecast_miss.event is 'name of a declared event on those days; null for none';
comment on column forecast_miss.outage_hours is 'hours on those days without a measurement, or under 5 % of the usual; an outage from 2 % of the hours on';
comment on column forecast_miss.restated_ratio is 'largest change of what a bill said before of the same days, by a delivery since the forecast, 0.02 is 2 %; a restatement above 2 %; null where there was none';
comment on column forecast_miss.level_ratio is 'median of actual / usual on those days (usual: the same weekday and hour of the 4 weeks before); a level shift where more than 25 % off 1';

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

create table night (
    run_id varchar primary key,
    as_of date not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    version varchar not null,
    message varchar
);
comment on table night is 'Every run. grain: run_id';
comment on column night.run_id is 'id of the Prefect flow run';
comment on column night.as_of is 'the first moment not known to it';
comment on column night.started_at is 'UTC';
comment on column night.finished_at is 'UTC; null while it runs, or where it was killed';
comment on column night.state is 'running, done or failed';
comment on column night.version is 'of this program';
comment on column night.message is 'why it failed';

create table check_result (
    as_of date not null,
    name varchar not null,
    severity varchar not null,
    rows bigint not null,
    example varchar,
    primary key (as_of, name)
);
comment on table check_result is 'What each check of data/sql/checks found. grain: as_of, name';
comment on column check_result.as_of is 'the night';
comment on column check_result.name is 'file of the check';
comment on column check_result.severity is 'stop: the night does not publish; warn: it does';
comment on column check_result.rows is 'rows that break the rule; 0 is good';
comment on column check_result.example is 'one of them';

create table source (
    source varchar primary key,
    kind varchar,
    is_configured boolean not null
);
comment on table source is 'Every source that was ever read. grain: source';
comment on column source.source is 'name of the source in the configuration';
comment on column source.kind is 'kind of the source in the configuration; null where an older version read it';
comment on column source.is_configured is 'false where the configuration no longer names it: its bills stay in charge_day and billing_load but do not count; its load is history and does';

create table source_state (
    as_of date not null,
    source varchar not null,
    kind varchar not null,
    state varchar not null,
    newest_utc timestamp,
    age_hours double,
    rows_read bigint not null,
    rows_rejected bigint not null,
    rows_duplicate bigint not null,
    error varchar,
    calls bigint,
    calls_cost_usd double,
    primary key (as_of, source)
);
comment on table source_state is 'How each source did and how fresh it is. grain: as_of, source';
comment on column source_state.as_of is 'the night';
comment on column source_state.source is 'name of the source in the configuration';
comment on column source_state.kind is 'kind of the source in the configuration';
comment on column source_state.state is 'fresh, stale (readable, but nothing new) or failed (what is stored is from an earlier night)';
comment on column source_state.newest_utc is 'end of the newest hour or day stored from it';
comment on column source_state.age_hours is 'hours between that and as_of';
comment on column source_state.rows_read is 'rows or lines of the last good read';
comment on column source_state.rows_rejected is 'rows that are not in the tables, see input_issue';
comment on column source_state.rows_duplicate is 'exact repeats, counted once';
comment on column source_state.error is 'why it failed';
comment on column source_state.calls is 'calls to the vendor that the last good read took; null where it reads files';
comment on column source_state.calls_cost_usd is 'USD at the vendor''s list price; null where calls are free';
