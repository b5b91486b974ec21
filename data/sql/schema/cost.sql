-- Bills, and what they cost whom.

create table if not exists billing_load (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    currency varchar not null,
    fingerprint varchar not null,
    files integer not null,
    lines bigint not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
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

create table if not exists billing_load_day (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    provider varchar,
    currency varchar not null,
    charge_date date not null,
    usage_cost decimal(38, 20)
);
comment on table billing_load_day is 'What each delivery knew of each day of use: how complete a day is by its age is learnt from it. grain: source, billing_period, execution_id, provider, currency, charge_date';
comment on column billing_load_day.source is 'name of the source in the configuration';
comment on column billing_load_day.billing_period is 'first day of the invoiced month';
comment on column billing_load_day.execution_id is 'the delivery, see billing_load';
comment on column billing_load_day.provider is 'who provides what was used';
comment on column billing_load_day.currency is 'ISO 4217';
comment on column billing_load_day.charge_date is 'day of use, UTC';
comment on column billing_load_day.usage_cost is 'effective cost of use in the currency, without corrections, tax, credits and purchases';

create table if not exists charge_day (
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
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    consumed_quantity double,
    lines bigint not null,
    charge_kind varchar,
    rule_position integer,
    environment varchar
);
comment on table charge_day is 'Bills as delivered, summed to the day and not yet given to services. grain: source, billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind, rule_position, environment';
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
comment on column charge_day.lines is 'how many lines of the bill; 0 on the days that a charge is spread over after its first';
comment on column charge_day.charge_kind is 'support, marketplace or split_unused, as columns of the bill say; null: use, or what charge_category says';
comment on column charge_day.rule_position is 'the first of the allocation rules on tags and resources that the lines fulfil';
comment on column charge_day.environment is 'the value of the first of allocation.environment_keys that the line carries: production, test; null where none does';

create table if not exists charge_hour (
    source varchar not null,
    billing_period date not null,
    hour_utc timestamp not null,
    provider varchar,
    service_category varchar,
    product varchar,
    region varchar,
    commitment_status varchar,
    currency varchar not null,
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    effective_cost decimal(38, 20)
);
comment on table charge_hour is 'Usage that is billed by the hour and can be committed to (compute and databases; not spot), over all accounts. grain: source, billing_period, hour_utc, provider, service_category, product, region, commitment_status, currency';
comment on column charge_hour.source is 'name of the source in the configuration';
comment on column charge_hour.billing_period is 'first day of the invoiced month';
comment on column charge_hour.hour_utc is 'start of the hour of use, UTC';
comment on column charge_hour.provider is 'who provides the product';
comment on column charge_hour.service_category is 'ServiceCategory';
comment on column charge_hour.product is 'ServiceName';
comment on column charge_hour.region is 'RegionId';
comment on column charge_hour.commitment_status is 'Used or Unused where a commitment covers the line';
comment on column charge_hour.currency is 'ISO 4217; never add over currencies';
comment on column charge_hour.list_cost is 'in the currency before any discount';
comment on column charge_hour.contracted_cost is 'in the currency at contracted prices';
comment on column charge_hour.effective_cost is 'in the currency, commitments amortised';

create table if not exists commitment_bill (
    source varchar not null,
    billing_period date not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_option varchar,
    start_utc timestamp,
    end_utc timestamp,
    used_cost decimal(38, 20),
    unused_cost decimal(38, 20),
    upfront_cost decimal(38, 20),
    recurring_cost decimal(38, 20),
    hours double not null,
    primary key (source, billing_period, commitment_id, currency)
);
comment on table commitment_bill is 'What each month''s bill says of each commitment. grain: source, billing_period, commitment_id, currency';
comment on column commitment_bill.source is 'name of the source in the configuration';
comment on column commitment_bill.billing_period is 'first day of the invoiced month';
comment on column commitment_bill.commitment_id is 'CommitmentDiscountId, or the ARN of the savings plan or reservation';
comment on column commitment_bill.currency is 'ISO 4217';
comment on column commitment_bill.provider is 'who sold it';
comment on column commitment_bill.account is 'account that bought it, or one that uses it where the bill does not say';
comment on column commitment_bill.commitment_type is 'the vendor''s word for it';
comment on column commitment_bill.commitment_category is 'Spend or Usage';
comment on column commitment_bill.payment_option is 'All Upfront, Partial Upfront or No Upfront; null where no line says it';
comment on column commitment_bill.start_utc is 'first moment it holds, UTC; null where no line says it';
comment on column commitment_bill.end_utc is 'when it ends, UTC; null where no line says it';
comment on column commitment_bill.used_cost is 'effective cost of what it covered, in the currency';
comment on column commitment_bill.unused_cost is 'effective cost of what of it nobody used, in the currency';
comment on column commitment_bill.upfront_cost is 'billed in the month in advance, in the currency';
comment on column commitment_bill.recurring_cost is 'billed in the month as a recurring fee, in the currency';
comment on column commitment_bill.hours is 'for how many hours of the month it was used or unused, as far as the bill goes';

create table if not exists commitment (
    source varchar not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_option varchar,
    start_utc timestamp,
    end_utc timestamp,
    hourly_commitment decimal(38, 20),
    first_billing_period date,
    last_billing_period date,
    primary key (source, commitment_id, currency)
);
comment on table commitment is 'What was committed to: savings plans, reservations, committed use and contracts, from bills and from FOCUS contract commitments. grain: source, commitment_id, currency';
comment on column commitment.source is 'name of the source in the configuration';
comment on column commitment.commitment_id is 'CommitmentDiscountId or ContractCommitmentId, or the ARN of the savings plan or reservation';
comment on column commitment.currency is 'ISO 4217';
comment on column commitment.provider is 'who sold it';
comment on column commitment.account is 'account that bought it, or one that uses it where the bill does not say';
comment on column commitment.commitment_type is 'the vendor''s word for it';
comment on column commitment.commitment_category is 'Spend: so much money an hour; Usage: so much capacity';
comment on column commitment.payment_option is 'All Upfront, Partial Upfront or No Upfront; null where not known';
comment on column commitment.start_utc is 'first moment it holds, UTC; null where not known';
comment on column commitment.end_utc is 'when it ends, UTC; null where not known';
comment on column commitment.hourly_commitment is 'what an hour of it costs, used or not, upfront fees amortised, in the currency; null where not known';
comment on column commitment.first_billing_period is 'oldest month whose bill names it; null where only a contract does';
comment on column commitment.last_billing_period is 'newest month whose bill names it';

create table if not exists contract_commitment (
    source varchar not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_model varchar,
    start_utc timestamp,
    end_utc timestamp,
    cost decimal(38, 20),
    quantity double,
    unit varchar,
    primary key (source, commitment_id, currency)
);
comment on table contract_commitment is 'What was signed: FOCUS ContractCommitment as delivered. grain: source, commitment_id, currency';
comment on column contract_commitment.source is 'name of the source in the configuration';
comment on column contract_commitment.commitment_id is 'ContractCommitmentId';
comment on column contract_commitment.currency is 'BillingCurrency, ISO 4217';
comment on column contract_commitment.provider is 'who sold it; null where the data set does not say';
comment on column contract_commitment.account is 'BillingAccountId; null where the data set does not say';
comment on column contract_commitment.commitment_type is 'the vendor''s word for it';
comment on column contract_commitment.commitment_category is 'Spend or Usage';
comment on column contract_commitment.payment_model is 'ContractCommitmentPaymentModel (FOCUS 1.4)';
comment on column contract_commitment.start_utc is 'first moment it holds, UTC';
comment on column contract_commitment.end_utc is 'when it ends, UTC';
comment on column contract_commitment.cost is 'of its whole period, in the currency';
comment on column contract_commitment.quantity is 'of its whole period, in unit';
comment on column contract_commitment.unit is 'of quantity';

create table if not exists invoice_detail (
    source varchar not null,
    billing_period date not null,
    currency varchar not null,
    total decimal(38, 20) not null,
    invoices bigint not null,
    primary key (source, billing_period, currency)
);
comment on table invoice_detail is 'What invoices say a billing period costs: FOCUS 1.4 InvoiceDetail; stands in for [[invoice]] of the configuration. grain: source, billing_period, currency';
comment on column invoice_detail.source is 'name of the source in the configuration';
comment on column invoice_detail.billing_period is 'first day of the invoiced month';
comment on column invoice_detail.currency is 'ISO 4217';
comment on column invoice_detail.total is 'sum of BilledCost, in the currency';
comment on column invoice_detail.invoices is 'how many invoices name the period';

create table if not exists billing_period_state (
    source varchar not null,
    billing_period date not null,
    is_closed boolean not null,
    updated_at timestamp,
    primary key (source, billing_period)
);
comment on table billing_period_state is 'What vendors say of their billing periods: FOCUS 1.4 BillingPeriod. grain: source, billing_period';
comment on column billing_period_state.source is 'name of the source in the configuration';
comment on column billing_period_state.billing_period is 'first day of the invoiced month';
comment on column billing_period_state.is_closed is 'true: all anticipated invoices are issued and the bill is final; false: it may still change';
comment on column billing_period_state.updated_at is 'when the vendor last said so, UTC';

create table if not exists bill (
    source varchar not null,
    billing_period date not null,
    currency varchar not null,
    execution_id varchar not null,
    delivered_at timestamp,
    lines bigint not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    finality varchar not null,
    invoice_total decimal(38, 20),
    invoice_difference decimal(38, 20),
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
comment on column bill.finality is 'open: the month runs; closed: it is over but may be restated; final: the vendor says so (see billing_period_state), or every line names its invoice, or the month closed 15 days ago';
comment on column bill.invoice_total is 'in the currency, from the configuration; null where it names none';
comment on column bill.invoice_difference is 'billed_cost less invoice_total, in the currency';

create table if not exists exchange_rate (
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

create table if not exists cost_day (
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
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    consumed_quantity double,
    lines bigint not null,
    charge_kind varchar,
    consumed_unit varchar,
    environment varchar
);
comment on table cost_day is 'Bills given to services; adds up to the invoice by source, billing_period and currency. grain: source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind, environment';
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
comment on column cost_day.consumed_quantity is 'in consumed_unit';
comment on column cost_day.lines is 'how many lines of the bill; 0 on the days that a charge is spread over after its first';
comment on column cost_day.charge_kind is 'support, marketplace or split_unused, as columns of the bill say; null: use, or what charge_category says';
comment on column cost_day.consumed_unit is 'FOCUS ConsumedUnit: unit of consumed_quantity';
comment on column cost_day.environment is 'what the charge serves, as its own tags or its account''s say (allocation.environment_keys): production, test; null where neither does';

create table if not exists built (
    name varchar primary key,
    fingerprint varchar not null
);
comment on table built is 'What the large tables were built from, so that a night on unchanged bills does not build them again. grain: name';
comment on column built.name is 'the table';
comment on column built.fingerprint is 'hash of its inputs, of its query and of itself';

create table if not exists cost_service_day (
    service varchar not null,
    date date not null,
    component varchar not null,
    currency varchar not null,
    effective_cost decimal(38, 20),
    billed_cost decimal(38, 20) not null,
    is_settled boolean not null,
    primary key (service, date, component, currency)
);
comment on table cost_service_day is 'What each service cost by day of use. grain: service, date, component, currency';
comment on column cost_service_day.service is 'service, or (unallocated)';
comment on column cost_service_day.date is 'day of use, UTC';
comment on column cost_service_day.component is 'direct: its own; support, commitment_unused, split_unused, tax, credit: its own, apart from use; shared, telemetry: its part of all that shared services cost, taken from theirs (they add up to 0 over all services)';
comment on column cost_service_day.currency is 'ISO 4217; never add over currencies';
comment on column cost_service_day.effective_cost is 'in the currency, commitments amortised';
comment on column cost_service_day.billed_cost is 'in the currency; ties to the invoice';
comment on column cost_service_day.is_settled is 'false while the vendor may still add charges to the day: do not rank, alert or train on it';

create table if not exists unit_cost_day (
    service varchar not null,
    date date not null,
    requests double,
    direct_cost_usd decimal(38, 12),
    cost_usd decimal(38, 12),
    cost_per_request_usd double,
    cost_per_million_usd double,
    is_settled boolean not null,
    is_complete boolean,
    currency varchar,
    direct_cost decimal(38, 12),
    cost decimal(38, 12),
    cost_per_request double,
    cost_per_million double,
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
comment on column unit_cost_day.currency is 'ISO 4217: the one that the service is billed in; USD where it is billed in several and rates convert them; null where nothing adds up';
comment on column unit_cost_day.direct_cost is 'effective cost in the currency of what the service uses itself';
comment on column unit_cost_day.cost is 'effective cost in the currency, direct and its part of shared services, without its own tax, credit, support';
comment on column unit_cost_day.cost_per_request is 'in the currency; null where requests are null, not complete, or under the service''s minimum';
comment on column unit_cost_day.cost_per_million is 'in the currency per million requests: of a bill of tokens that are counted as requests, per million tokens';
