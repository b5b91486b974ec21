-- Why it cost what it cost, and what it will cost.

create table if not exists unit_cost_change (
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
comment on column unit_cost_change.requests_before is 'requests of the month before on those days, of services that are billed in the currency; null where a day was not measured whole';
comment on column unit_cost_change.requests_after is 'requests of the month on those days; null where a day was not measured whole';
comment on column unit_cost_change.unit_cost_before is 'cost_before / requests_before, in the currency';
comment on column unit_cost_change.unit_cost_after is 'cost_after / requests_after, in the currency';
comment on column unit_cost_change.sentence is 'the same in words';

create table if not exists unit_cost_change_part (
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

create table if not exists unit_cost_status (
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
comment on column unit_cost_status.trend_7d is 'unit_cost_7d / that of the 7 days before - 1; above 0 is dearer; null where fewer than 5 of those were measured';
comment on column unit_cost_status.trend_28d is 'unit_cost_28d / that of the 28 days before - 1; above 0 is dearer; null where fewer than 20 of those were measured';
comment on column unit_cost_status.mean_unit_cost is 'cost / units of the last 56 settled days, in the currency';
comment on column unit_cost_status.marginal_unit_cost is 'what one more unit costs, in the currency: the slope of the least-squares line of cost over units by day, last 56 settled days; null under 14 days or where units do not vary';
comment on column unit_cost_status.target_unit_cost is 'what the team aims at, in the currency; null where none is set';
comment on column unit_cost_status.target_status is 'met, at risk (the next month''s forecast is likelier over than under) or missed, of unit_cost_28d; null without a target';
comment on column unit_cost_status.telemetry_ratio is 'cost of observing the service / its whole cost, last 28 settled days';
comment on column unit_cost_status.telemetry_budget_ratio is 'what telemetry may cost, as a ratio of the whole';
comment on column unit_cost_status.telemetry_status is 'within or over that ratio; null where there is no telemetry cost';
comment on column unit_cost_status.non_production_cost is 'use that serves no customer, by its account or its environment (see non_production_account, non_production_environment), last 28 settled days, in the currency; null where no account is named so and no charge says its environment';
comment on column unit_cost_status.idle_cost is 'cost of commitments that nothing used, last 28 settled days, in the currency';

create table if not exists unit_cost_forecast (
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

create table if not exists unit_cost_budget (
    service varchar primary key,
    telemetry_ratio double not null
);
comment on table unit_cost_budget is 'What observing a service may cost, from [unit_cost]. grain: service';
comment on column unit_cost_budget.service is 'service';
comment on column unit_cost_budget.telemetry_ratio is 'of its whole cost at most';

create table if not exists non_production_account (
    account varchar primary key
);
comment on table non_production_account is 'Accounts whose use serves no customer (development, test, staging), from [unit_cost] non_production_accounts. grain: account';
comment on column non_production_account.account is 'account id';

create table if not exists non_production_environment (
    environment varchar primary key
);
comment on table non_production_environment is 'Environments that serve no customer (development, test, staging), from [unit_cost] non_production_environments. grain: environment';
comment on column non_production_environment.environment is 'its letters and digits, in lower case';
