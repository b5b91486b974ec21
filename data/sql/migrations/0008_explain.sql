-- Explanations: why a month moved, what is anomalous, what to commit to, what may go wrong.

create table unit_cost_change (
    scope varchar not null,
    service varchar not null,
    month date not null,
    currency varchar not null,
    days_before integer not null,
    days_after integer not null,
    is_running boolean not null,
    list_before decimal(38, 12) not null,
    list_after decimal(38, 12) not null,
    list_change decimal(38, 12) not null,
    price decimal(38, 12) not null,
    efficiency decimal(38, 12) not null,
    mix decimal(38, 12) not null,
    volume decimal(38, 12) not null,
    restatement decimal(38, 12) not null,
    discount decimal(38, 12) not null,
    cost_before decimal(38, 12) not null,
    cost_after decimal(38, 12) not null,
    change_a_day decimal(38, 12) not null,
    requests_before double,
    requests_after double,
    unit_cost_before double,
    unit_cost_after double,
    sentence varchar not null,
    primary key (scope, service, month, currency)
);
comment on table unit_cost_change is 'Why a month cost more or less than the one before: list_change = price + efficiency + mix + volume + restatement, cost_after - cost_before = list_change + discount, to the last digit. Use and what is bought beside it, without tax, credits and purchases; what is shared stays with the shared service. grain: scope, service, month, currency';
comment on column unit_cost_change.scope is 'service, team or total';
comment on column unit_cost_change.service is 'service, (unallocated), the team''s name, or (total)';
comment on column unit_cost_change.month is 'first day of the month; it is held against the month before';
comment on column unit_cost_change.currency is 'ISO 4217; never add over currencies';
comment on column unit_cost_change.days_before is 'settled days of the month before that are in it';
comment on column unit_cost_change.days_after is 'settled days of the month that are in it';
comment on column unit_cost_change.is_running is 'true where the month is not settled to its end: it is held against the same days of the one before';
comment on column unit_cost_change.list_before is 'list cost of the month before, in the currency';
comment on column unit_cost_change.list_after is 'list cost of the month, in the currency';
comment on column unit_cost_change.list_change is 'list_after - list_before, in the currency';
comment on column unit_cost_change.price is 'of it, from list prices that changed, at the mean quantity of both months';
comment on column unit_cost_change.efficiency is 'of it, from use a request, at the mean price and mix; 0 where requests are not known for both months';
comment on column unit_cost_change.mix is 'of it, from use that moved between regions and prices of one product, at the mean price';
comment on column unit_cost_change.volume is 'of it, from more or fewer requests at constant use a request (more or less use where requests are not known); a longer month is volume';
comment on column unit_cost_change.restatement is 'of it, from lines that correct earlier charges (ChargeClass Correction)';
comment on column unit_cost_change.discount is 'what rates and commitments changed between list and effective cost, in the currency; above 0 is dearer';
comment on column unit_cost_change.cost_before is 'effective cost of the month before, in the currency';
comment on column unit_cost_change.cost_after is 'effective cost of the month, in the currency';
comment on column unit_cost_change.change_a_day is 'cost_after / days_after - cost_before / days_before, in the currency: months differ in length';
comment on column unit_cost_change.requests_before is 'requests of the month before on those days; null where a day was not measured whole';
comment on column unit_cost_change.requests_after is 'requests of the month on those days; null where a day was not measured whole';
comment on column unit_cost_change.unit_cost_before is 'cost_before / requests_before, in the currency';
comment on column unit_cost_change.unit_cost_after is 'cost_after / requests_after, in the currency';
comment on column unit_cost_change.sentence is 'the same in words';

create table unit_cost_change_part (
    scope varchar not null,
    service varchar not null,
    month date not null,
    currency varchar not null,
    place integer not null,
    product varchar,
    region varchar,
    usage_unit varchar,
    list_change decimal(38, 12) not null,
    price decimal(38, 12) not null,
    efficiency decimal(38, 12) not null,
    mix decimal(38, 12) not null,
    volume decimal(38, 12) not null,
    restatement decimal(38, 12) not null,
    discount decimal(38, 12) not null,
    price_ratio double,
    cells bigint not null
);
comment on table unit_cost_change_part is 'The cells behind each unit_cost_change, largest first, the rest in one row; they add up to it to the last digit. grain: scope, service, month, currency, place';
comment on column unit_cost_change_part.scope is 'service, team or total';
comment on column unit_cost_change_part.service is 'as in unit_cost_change';
comment on column unit_cost_change_part.month is 'as in unit_cost_change';
comment on column unit_cost_change_part.currency is 'ISO 4217';
comment on column unit_cost_change_part.place is '1 moved most; 0 holds all that are not named';
comment on column unit_cost_change_part.product is 'FOCUS ServiceName; null at place 0';
comment on column unit_cost_change_part.region is 'FOCUS RegionId; null where the bill names none';
comment on column unit_cost_change_part.usage_unit is 'FOCUS ConsumedUnit; null where the bill names none';
comment on column unit_cost_change_part.list_change is 'in the currency; price + efficiency + mix + volume + restatement';
comment on column unit_cost_change_part.price is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.efficiency is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.mix is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.volume is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.restatement is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.discount is 'in the currency, see unit_cost_change';
comment on column unit_cost_change_part.price_ratio is 'list price of the unit / that of the month before - 1; null where it was not used in both';
comment on column unit_cost_change_part.cells is 'how many cells the row holds';

create table unit_cost_status (
    as_of date not null,
    service varchar not null,
    unit varchar not null,
    currency varchar not null,
    unit_cost_7d double,
    unit_cost_28d double,
    trend_7d double,
    trend_28d double,
    mean_unit_cost double,
    marginal_unit_cost double,
    target_unit_cost double,
    target_status varchar,
    telemetry_ratio double,
    telemetry_budget_ratio double,
    telemetry_status varchar,
    non_production_cost decimal(38, 12),
    idle_cost decimal(38, 12),
    primary key (as_of, service, currency)
);
comment on table unit_cost_status is 'What a request, order or token costs now and where that goes, of settled days. grain: as_of, service, currency';
comment on column unit_cost_status.as_of is 'the night';
comment on column unit_cost_status.service is 'service';
comment on column unit_cost_status.unit is 'what it is per: the request_metric of the service, e.g. requests, orders, users, tokens';
comment on column unit_cost_status.currency is 'ISO 4217';
comment on column unit_cost_status.unit_cost_7d is 'cost / units of the last 7 settled days, in the currency';
comment on column unit_cost_status.unit_cost_28d is 'cost / units of the last 28 settled days, in the currency';
comment on column unit_cost_status.trend_7d is 'unit_cost_7d / that of the 7 days before - 1; above 0 is dearer';
comment on column unit_cost_status.trend_28d is 'unit_cost_28d / that of the 28 days before - 1; above 0 is dearer';
comment on column unit_cost_status.mean_unit_cost is 'cost / units of the last 56 settled days, in the currency';
comment on column unit_cost_status.marginal_unit_cost is 'what one more unit costs, in the currency: the slope of the least-squares line of cost over units by day, last 56 settled days; null under 14 days or where units do not vary';
comment on column unit_cost_status.target_unit_cost is 'what the team aims at, in the currency; null where none is set';
comment on column unit_cost_status.target_status is 'met, at risk (the next month''s forecast is likelier over than under) or missed, of unit_cost_28d; null without a target';
comment on column unit_cost_status.telemetry_ratio is 'cost of observing the service / its whole cost, last 28 settled days';
comment on column unit_cost_status.telemetry_budget_ratio is 'what telemetry may cost, as a ratio of the whole';
comment on column unit_cost_status.telemetry_status is 'within or over that ratio; null where there is no telemetry cost';
comment on column unit_cost_status.non_production_cost is 'use of accounts that are not production (see non_production_account), last 28 settled days, in the currency; null where no account is named so';
comment on column unit_cost_status.idle_cost is 'cost of commitments that nothing used, last 28 settled days, in the currency';

create table unit_cost_forecast (
    as_of date not null,
    service varchar not null,
    period varchar not null,
    period_start date not null,
    unit varchar not null,
    currency varchar not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    cost double not null,
    units double not null,
    correlation double not null,
    primary key (as_of, service, period, period_start, currency)
);
comment on table unit_cost_forecast is 'What a request will cost over the next month and the next quarter, from joint paths of cost and requests. grain: as_of, service, period, period_start, currency';
comment on column unit_cost_forecast.as_of is 'the night';
comment on column unit_cost_forecast.service is 'service';
comment on column unit_cost_forecast.period is 'm: month, q: quarter';
comment on column unit_cost_forecast.period_start is 'first day of it';
comment on column unit_cost_forecast.unit is 'what it is per: the request_metric of the service';
comment on column unit_cost_forecast.currency is 'ISO 4217';
comment on column unit_cost_forecast.mean is 'middle of cost / units over the paths, in the currency a unit';
comment on column unit_cost_forecast.lo80 is 'lower end of the 80 % interval';
comment on column unit_cost_forecast.hi80 is 'upper end of the 80 % interval';
comment on column unit_cost_forecast.lo95 is 'lower end of the 95 % interval';
comment on column unit_cost_forecast.hi95 is 'upper end of the 95 % interval';
comment on column unit_cost_forecast.cost is 'forecast cost of the days of the period that both are forecast for, in the currency';
comment on column unit_cost_forecast.units is 'forecast units of the same days';
comment on column unit_cost_forecast.correlation is 'of the errors of cost and units: 1 where cost moves with every unit';

create table unit_cost_budget (
    service varchar primary key,
    telemetry_ratio double not null
);
comment on table unit_cost_budget is 'What observing a service may cost, from [unit_cost]. grain: service';
comment on column unit_cost_budget.service is 'service';
comment on column unit_cost_budget.telemetry_ratio is 'of its whole cost at most';

create table non_production_account (
    account varchar primary key
);
comment on table non_production_account is 'Accounts whose use serves no customer (development, test, staging), from [unit_cost] non_production_accounts. grain: account';
comment on column non_production_account.account is 'account id';

create table anomaly (
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
comment on column anomaly.cause is 'follows load, price, use, new product, vanished product; of load: outage, load';
comment on column anomaly.is_muted is 'true where it is not to be acted on, see muted_by';
comment on column anomaly.muted_by is 'event NAME, break: KIND, acknowledged: REASON, follows load, small, price (see the row of all services), one of many; null where it is not muted';
comment on column anomaly.first_seen is 'the first night that could see it: a cost shows once its day is settled';

create table anomaly_part (
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

create table anomaly_ack (
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

create table anomaly_minimum (
    service varchar primary key,
    minimum_impact double not null
);
comment on table anomaly_minimum is 'What an anomaly of cost must be worth, by service, from [anomaly.minimum_impact]. grain: service';
comment on column anomaly_minimum.service is 'service';
comment on column anomaly_minimum.minimum_impact is 'over the episode, in its currency; smaller ones are muted';

create table commitment_option (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    discount double not null,
    risk varchar not null,
    level_usd_hour_on_demand double not null,
    commit_usd_hour double not null,
    owned_usd_hour double not null,
    to_buy_usd_hour double not null,
    expected_saving_usd_month double not null,
    worst5_saving_usd_month double not null,
    break_even_utilisation double not null,
    coverage double not null,
    utilisation double not null,
    demand_trend_ratio_year double not null,
    hours bigint not null,
    basis varchar not null,
    primary key (as_of, provider, scope, currency, term_years, risk)
);
comment on table commitment_option is 'What to commit to: the level where P(hourly demand >= level) = 1 - discount over the term, by appetite for risk. grain: as_of, provider, scope, currency, term_years, risk';
comment on column commitment_option.as_of is 'the night';
comment on column commitment_option.provider is 'who provides what is used';
comment on column commitment_option.scope is 'what it covers, e.g. Compute; a product where it is bought for one';
comment on column commitment_option.currency is 'ISO 4217 of every amount of the row (usd in a column''s name stands for it)';
comment on column commitment_option.term_years is 'how long it binds';
comment on column commitment_option.discount is 'ratio off on-demand: learnt from what is owned, else of [[commitment_offer]]';
comment on column commitment_option.risk is 'cautious, neutral or bold; bolder never commits less';
comment on column commitment_option.level_usd_hour_on_demand is 'demand to cover, on-demand price an hour, in the currency';
comment on column commitment_option.commit_usd_hour is 'the same as committed: level x (1 - discount), in the currency an hour';
comment on column commitment_option.owned_usd_hour is 'committed already through the next 3 months, in the currency an hour';
comment on column commitment_option.to_buy_usd_hour is 'commit_usd_hour less owned_usd_hour, 0 at least';
comment on column commitment_option.expected_saving_usd_month is 'what buying it saves a month against what is owned alone, mean of the demand expected, in the currency';
comment on column commitment_option.worst5_saving_usd_month is 'the same in the worst of twenty futures; below 0 is a loss';
comment on column commitment_option.break_even_utilisation is 'share of it that must be used for it to cost nothing more: 1 - discount';
comment on column commitment_option.coverage is 'share of demand that owned and bought cover';
comment on column commitment_option.utilisation is 'share of owned and bought that is used';
comment on column commitment_option.demand_trend_ratio_year is 'how demand changes in a year as foreseen, 0.1 is +10 %';
comment on column commitment_option.hours is 'how many hours of demand it is learnt from';
comment on column commitment_option.basis is 'hourly charges, or daily charges with the hourly shape of the load';

create table commitment_purchase (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    risk varchar not null,
    month date not null,
    expiring_usd_hour double not null,
    buy_usd_hour double not null,
    owned_after_usd_hour double not null,
    primary key (as_of, provider, scope, currency, term_years, risk, month)
);
comment on table commitment_purchase is 'The ladder: what to buy month by month so that no more than a part ends at once. grain: as_of, provider, scope, currency, term_years, risk, month';
comment on column commitment_purchase.as_of is 'the night';
comment on column commitment_purchase.provider is 'who provides what is used';
comment on column commitment_purchase.scope is 'as in commitment_option';
comment on column commitment_purchase.currency is 'ISO 4217';
comment on column commitment_purchase.term_years is 'how long it binds';
comment on column commitment_purchase.risk is 'cautious, neutral or bold';
comment on column commitment_purchase.month is 'first day of the month to buy in';
comment on column commitment_purchase.expiring_usd_hour is 'what is owned and ends that month, in the currency an hour';
comment on column commitment_purchase.buy_usd_hour is 'what to buy, committed, in the currency an hour';
comment on column commitment_purchase.owned_after_usd_hour is 'what is owned then, in the currency an hour';

create table commitment_regret (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    level_usd_hour_on_demand double not null,
    cost_usd_month double not null,
    regret_usd_month double not null,
    regret95_usd_month double not null,
    is_option boolean not null,
    primary key (as_of, provider, scope, currency, term_years, level_usd_hour_on_demand)
);
comment on table commitment_regret is 'What each level of commitment would cost and regret: a curve an option. grain: as_of, provider, scope, currency, term_years, level_usd_hour_on_demand';
comment on column commitment_regret.as_of is 'the night';
comment on column commitment_regret.provider is 'who provides what is used';
comment on column commitment_regret.scope is 'as in commitment_option';
comment on column commitment_regret.currency is 'ISO 4217';
comment on column commitment_regret.term_years is 'how long it binds';
comment on column commitment_regret.level_usd_hour_on_demand is 'demand covered, on-demand price an hour, in the currency';
comment on column commitment_regret.cost_usd_month is 'expected cost of the demand at that level, in the currency a month';
comment on column commitment_regret.regret_usd_month is 'that less the cost of the best level of each future, mean over futures, in the currency a month';
comment on column commitment_regret.regret95_usd_month is 'the same in one future of twenty';
comment on column commitment_regret.is_option is 'true where it is a level of commitment_option';

create table commitment_month (
    month date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    days integer not null,
    owned_cost decimal(38, 12) not null,
    used_cost decimal(38, 12) not null,
    unused_cost decimal(38, 12) not null,
    covered_list_cost decimal(38, 12) not null,
    eligible_list_cost decimal(38, 12) not null,
    utilisation double,
    coverage double,
    saving decimal(38, 12) not null,
    discount double,
    primary key (month, provider, scope, currency)
);
comment on table commitment_month is 'What the commitments that are owned did, by month of use; settled days. grain: month, provider, scope, currency';
comment on column commitment_month.month is 'first day of the month';
comment on column commitment_month.provider is 'who provides what is used';
comment on column commitment_month.scope is 'FOCUS ServiceCategory that they covered';
comment on column commitment_month.currency is 'ISO 4217';
comment on column commitment_month.days is 'settled days of the month that are in it';
comment on column commitment_month.owned_cost is 'used_cost + unused_cost, in the currency';
comment on column commitment_month.used_cost is 'effective cost of use that a commitment covered, in the currency';
comment on column commitment_month.unused_cost is 'effective cost of commitments that nothing used, in the currency';
comment on column commitment_month.covered_list_cost is 'list cost of what they covered, in the currency';
comment on column commitment_month.eligible_list_cost is 'list cost of all use of products that they covered, in the currency';
comment on column commitment_month.utilisation is 'used_cost / owned_cost';
comment on column commitment_month.coverage is 'covered_list_cost / eligible_list_cost';
comment on column commitment_month.saving is 'realised: covered_list_cost - owned_cost, in the currency; below 0 is a loss';
comment on column commitment_month.discount is '1 - used_cost / covered_list_cost';

create table commitment_offer (
    provider varchar,
    term_years integer not null,
    discount double not null
);
comment on table commitment_offer is 'What vendors offer for committing, from [[commitment_offer]]. grain: provider, term_years';
comment on column commitment_offer.provider is 'who provides what is used; null for every one that is not named';
comment on column commitment_offer.term_years is 'how long it binds';
comment on column commitment_offer.discount is 'ratio off on-demand';

create table risk (
    as_of date not null,
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    severity varchar not null,
    impact_usd double,
    probability double,
    act_by date,
    owner varchar,
    evidence varchar not null,
    first_seen date not null,
    trend_week varchar not null,
    primary key (as_of, kind, service, subject)
);
comment on table risk is 'The risk register of each night. grain: as_of, kind, service, subject';
comment on column risk.as_of is 'the night';
comment on column risk.kind is 'breach, saturation, overrun, anomaly, accuracy, stale source, no owner, commitment expiring, commitment unused';
comment on column risk.service is 'service, team, source, or (total)';
comment on column risk.subject is 'what of it: the metric, product, source or budget';
comment on column risk.severity is 'high, medium or low';
comment on column risk.impact_usd is 'USD at stake; null where not known';
comment on column risk.probability is 'that it happens, 1 where it has; null where not known';
comment on column risk.act_by is 'last day to act; null where there is none';
comment on column risk.owner is 'team; null where nobody owns it';
comment on column risk.evidence is 'why, in words, with the table to look in';
comment on column risk.first_seen is 'first night in a row that saw it';
comment on column risk.trend_week is 'new, up, down or level against the night a week before';

create table decision_log (
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    advised_on date not null,
    advice varchar not null,
    act_by date,
    state varchar not null,
    followed_on date,
    effect_usd_month double,
    evidence varchar not null,
    primary key (kind, service, subject, advised_on)
);
comment on table decision_log is 'What was advised, whether the data shows that it was done, and what that saved or avoided. grain: kind, service, subject, advised_on';
comment on column decision_log.kind is 'capacity, commitment, anomaly, budget';
comment on column decision_log.service is 'service, or the provider of a commitment';
comment on column decision_log.subject is 'metric, scope or product';
comment on column decision_log.advised_on is 'first night of the advice';
comment on column decision_log.advice is 'in words';
comment on column decision_log.act_by is 'last day to act; null where there is none';
comment on column decision_log.state is 'open, followed, lapsed (no longer needed and nothing was seen to be done), or too late';
comment on column decision_log.followed_on is 'first night whose data show it done; null where not';
comment on column decision_log.effect_usd_month is 'saved (above 0) a month in USD; null where not known';
comment on column decision_log.evidence is 'what the data show';

-- A cell of use has one unit: what was added up over units before is built anew by the next night.
alter table cost_day add column consumed_unit varchar;
comment on column cost_day.consumed_unit is 'FOCUS ConsumedUnit: unit of consumed_quantity';
comment on column cost_day.consumed_quantity is 'in consumed_unit';
comment on table cost_day is 'Bills given to services; adds up to the invoice by source, billing_period and currency. grain: source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind';
