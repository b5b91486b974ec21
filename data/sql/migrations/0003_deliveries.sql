-- Money keeps 20 digits after the point: vendors write up to 18, and what is spread over days ends in more.
alter table billing_load alter column billed_cost set data type decimal(38, 20);
alter table billing_load alter column effective_cost set data type decimal(38, 20);
alter table billing_load alter column list_cost set data type decimal(38, 20);
alter table billing_load alter column contracted_cost set data type decimal(38, 20);
alter table billing_load_day alter column usage_cost set data type decimal(38, 20);
alter table charge_day alter column billed_cost set data type decimal(38, 20);
alter table charge_day alter column effective_cost set data type decimal(38, 20);
alter table charge_day alter column list_cost set data type decimal(38, 20);
alter table charge_day alter column contracted_cost set data type decimal(38, 20);
alter table bill alter column billed_cost set data type decimal(38, 20);
alter table bill alter column effective_cost set data type decimal(38, 20);
alter table bill alter column invoice_total set data type decimal(38, 20);
alter table bill alter column invoice_difference set data type decimal(38, 20);
alter table cost_day alter column billed_cost set data type decimal(38, 20);
alter table cost_day alter column effective_cost set data type decimal(38, 20);
alter table cost_day alter column list_cost set data type decimal(38, 20);
alter table cost_day alter column contracted_cost set data type decimal(38, 20);
alter table cost_service_day alter column effective_cost set data type decimal(38, 20);
alter table cost_service_day alter column billed_cost set data type decimal(38, 20);

create table charge_hour (
    source varchar not null,
    billing_period date not null,
    hour_utc timestamp not null,
    provider varchar,
    account varchar,
    service_category varchar,
    product varchar,
    region varchar,
    pricing_category varchar,
    commitment_status varchar,
    commitment_id varchar,
    consumed_unit varchar,
    currency varchar not null,
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    effective_cost decimal(38, 20),
    billed_cost decimal(38, 20) not null,
    consumed_quantity double
);
comment on table charge_hour is 'Usage that is billed by the hour and can be committed to (compute, databases, analytics, machine learning, and what a commitment covers; not spot). grain: source, billing_period, hour_utc, provider, account, service_category, product, region, pricing_category, commitment_status, commitment_id, consumed_unit, currency';
comment on column charge_hour.source is 'name of the source in the configuration';
comment on column charge_hour.billing_period is 'first day of the invoiced month';
comment on column charge_hour.hour_utc is 'start of the hour of use, UTC';
comment on column charge_hour.provider is 'who provides the product';
comment on column charge_hour.account is 'SubAccountId, or BillingAccountId where there is none';
comment on column charge_hour.service_category is 'ServiceCategory';
comment on column charge_hour.product is 'ServiceName';
comment on column charge_hour.region is 'RegionId';
comment on column charge_hour.pricing_category is 'Standard, Committed or Other';
comment on column charge_hour.commitment_status is 'Used or Unused where a commitment covers the line';
comment on column charge_hour.commitment_id is 'CommitmentDiscountId, see commitment';
comment on column charge_hour.consumed_unit is 'unit of consumed_quantity';
comment on column charge_hour.currency is 'ISO 4217; never add over currencies';
comment on column charge_hour.list_cost is 'in the currency before any discount';
comment on column charge_hour.contracted_cost is 'in the currency at contracted prices';
comment on column charge_hour.effective_cost is 'in the currency, commitments amortised';
comment on column charge_hour.billed_cost is 'in the currency; ties to the invoice';
comment on column charge_hour.consumed_quantity is 'in consumed_unit';

create table commitment_bill (
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

create table commitment (
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

create table shared_component (
    service varchar not null,
    component varchar not null,
    rule varchar not null,
    primary key (service, component)
);
comment on table shared_component is 'How a component of a shared service is split where it is not by the service''s own rule. grain: service, component';
comment on column shared_component.service is 'the shared service';
comment on column shared_component.component is 'direct, support, commitment_unused, split_unused, tax or credit (the last two stay where they are unless said here)';
comment on column shared_component.rule is 'proportional, requests, even, fixed (see shared_share), or none: it stays';

alter table charge_day add column charge_kind varchar;
alter table charge_day add column rule_position integer;
alter table cost_day add column charge_kind varchar;
comment on column charge_day.lines is 'how many lines of the bill; 0 on the days that a charge is spread over after its first';
comment on column charge_day.charge_kind is 'support, marketplace or split_unused, as columns of the bill say; null: use, or what charge_category says';
comment on column charge_day.rule_position is 'the first of the allocation rules on tags and resources that the lines fulfil';
comment on column cost_day.lines is 'how many lines of the bill; 0 on the days that a charge is spread over after its first';
comment on column cost_day.charge_kind is 'support, marketplace or split_unused, as columns of the bill say; null: use, or what charge_category says';
comment on table charge_day is 'Bills as delivered, summed to the day and not yet given to services. grain: source, billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind, rule_position';
comment on table cost_day is 'Bills given to services; adds up to the invoice by source, billing_period and currency. grain: source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind';
comment on column cost_service_day.component is 'direct: its own; support, commitment_unused, split_unused, tax, credit: its own, apart from use; shared, telemetry: its part of all that shared services cost, taken from theirs (they add up to 0 over all services)';
alter table unit_cost_day add column currency varchar;
alter table unit_cost_day add column direct_cost decimal(38, 12);
alter table unit_cost_day add column cost decimal(38, 12);
alter table unit_cost_day add column cost_per_request double;
alter table unit_cost_day add column cost_per_million double;
comment on column unit_cost_day.currency is 'ISO 4217: the one that the service is billed in; USD where it is billed in several and rates convert them; null where nothing adds up';
comment on column unit_cost_day.direct_cost is 'effective cost in the currency of what the service uses itself';
comment on column unit_cost_day.cost is 'effective cost in the currency, direct and its part of shared services, without its own tax, credit, support';
comment on column unit_cost_day.cost_per_request is 'in the currency; null where requests are null, not complete, or under the service''s minimum';
comment on column unit_cost_day.cost_per_million is 'in the currency per million requests: of a bill of tokens that are counted as requests, per million tokens';
create table contract_commitment (
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

create table invoice_detail (
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

