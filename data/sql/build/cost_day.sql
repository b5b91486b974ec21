-- Every charge gets an owner: the service or alias that its tag names, else a service of the tag's own name, else the
-- service that owns the account, else that of the first rule that matches, else nobody. Each charge has exactly one,
-- so nothing is lost or counted twice.
with charge as (
    -- What the configuration names counts: a source that was renamed would count twice.
    from charge_day
    anti join removed_source using (source)
),
spelling as (
    select lower(service) as spelt, service, false as is_alias from service where is_catalogued
    union
    select lower(alias), service, true
    from (select service, unnest(aliases) as alias from service where is_catalogued)
    where lower(alias) <> lower(service)
),
account_owner as (
    select lower(unnest(accounts)) as account, service from service where is_catalogued
),
uncatalogued as (
    -- Tags differ in case between files: one spelling stands for all.
    select lower(owner_tag) as spelt, min(owner_tag) as service
    from charge
    where owner_tag is not null
    group by all
),
account_tagged as (
    -- What an account's own tag names is a service or an alias as in a line's tag, or a service of that name.
    select lower(t.account) as account, t.tag_key, t.tag as owner_tag, s.service
    from account_tag t
    left join spelling s on s.spelt = lower(t.tag)
),
unowned as (
    select distinct c.provider, c.account, c.region, c.product, c.service_category
    from charge c
    anti join account_owner a on a.account = lower(c.account)
    where c.owner_tag is null
),
matched as (
    select u.*, min_by(r.service, r.position) as service, min(r.position) as position
    from unowned u
    join allocation_rule r
        on not r.is_of_line
        and (r.provider is null or regexp_full_match(coalesce(u.provider, ''), r.provider, 'i'))
        and (r.account is null or regexp_full_match(coalesce(u.account, ''), r.account, 'i'))
        and (r.region is null or regexp_full_match(coalesce(u.region, ''), r.region, 'i'))
        and (r.product is null or regexp_full_match(coalesce(u.product, ''), r.product, 'i'))
        and (r.service_category is null or regexp_full_match(coalesce(u.service_category, ''), r.service_category, 'i'))
    group by all
),
owned as (
    select c.* replace (coalesce(c.environment, e.tag) as environment),
        coalesce(s.service, u.service, a.service, t.service, t.owner_tag, r.service, m.service, '(unallocated)') as service,
        case
            when s.is_alias then 'alias in tag ' || c.owner_tag_key
            when c.owner_tag is not null then 'tag ' || c.owner_tag_key
            when a.service is not null then 'account'
            when t.owner_tag is not null then 'tag ' || t.tag_key || ' of the account'
            when r.service is not null then 'rule ' || r.position
            when m.service is not null then 'rule ' || m.position
            else 'none'
        end as allocation_reason
    from charge c
    left join spelling s on s.spelt = lower(c.owner_tag)
    left join uncatalogued u on u.spelt = lower(c.owner_tag)
    left join account_owner a on a.account = lower(c.account)
    left join account_tagged t on c.owner_tag is null and a.service is null and t.account = lower(c.account)
    left join account_environment e on lower(e.account) = lower(c.account)
    left join matched m
        on c.owner_tag is null
        and m.provider is not distinct from c.provider
        and m.account is not distinct from c.account
        and m.region is not distinct from c.region
        and m.product is not distinct from c.product
        and m.service_category is not distinct from c.service_category
    -- Rules on tags and resources were tried line by line, when the bill was read.
    left join allocation_rule r
        on c.owner_tag is null and r.position = c.rule_position and r.position < coalesce(m.position, r.position + 1)
)
select source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product,
    region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind, environment,
    sum(billed_cost)::decimal(38, 20) as billed_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost,
    sum(list_cost)::decimal(38, 20) as list_cost,
    sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(try_cast(consumed_quantity as decimal(38, 9)))::double as consumed_quantity,
    sum(lines)::bigint as lines
from owned
group by all
