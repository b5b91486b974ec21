-- Every charge gets an owner: the service or alias that its tag names, else a service of the tag's own name, else the
-- service that owns the account, else nobody. Each charge has exactly one, so nothing is lost or counted twice.
with spelling as (
    select lower(service) as spelt, service from service where is_catalogued
    union
    select lower(unnest(aliases)), service from service where is_catalogued
),
account_owner as (
    select unnest(accounts) as account, service from service where is_catalogued
),
uncatalogued as (
    -- Tags differ in case between files: one spelling stands for all.
    select lower(owner_tag) as spelt, min(owner_tag) as service
    from charge_day
    where owner_tag is not null
    group by all
),
owned as (
    select c.*, coalesce(s.service, u.service, a.service, '(unallocated)') as service
    from charge_day c
    left join spelling s on s.spelt = lower(c.owner_tag)
    left join uncatalogued u on u.spelt = lower(c.owner_tag)
    left join account_owner a on a.account = c.account
)
select source, billing_period, charge_date, service, provider, account, service_category, product, region,
    charge_category, charge_class, pricing_category, commitment_status, currency,
    sum(billed_cost)::decimal(38, 12) as billed_cost,
    sum(effective_cost)::decimal(38, 12) as effective_cost,
    sum(list_cost)::decimal(38, 12) as list_cost,
    sum(contracted_cost)::decimal(38, 12) as contracted_cost,
    case
        when count(distinct consumed_unit) <= 1 then sum(consumed_quantity order by consumed_quantity)
    end as consumed_quantity,
    sum(lines)::bigint as lines
from owned
group by all
