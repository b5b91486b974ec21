-- Hours by what a commitment is bought by, and no more.
create table hour_kept as
select source, billing_period, hour_utc, provider, service_category, product, region, commitment_status, currency,
    sum(list_cost)::decimal(38, 20) as list_cost, sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost
from charge_hour
where lower(service_category) in ('compute', 'databases')
group by all;
drop table charge_hour;
create table charge_hour (
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
insert into charge_hour by name from hour_kept;
drop table hour_kept;
