-- What to commit to, and what the commitments that are owned do.

create table if not exists commitment_option (
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

create table if not exists commitment_purchase (
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

create table if not exists commitment_regret (
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

create table if not exists commitment_month (
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

create table if not exists commitment_offer (
    provider varchar,
    term_years integer not null,
    discount double not null
);
comment on table commitment_offer is 'What vendors offer for committing, from [[commitment_offer]]. grain: provider, term_years';
comment on column commitment_offer.provider is 'who provides what is used; null for every one that is not named';
comment on column commitment_offer.term_years is 'how long it binds';
comment on column commitment_offer.discount is 'ratio off on-demand';
