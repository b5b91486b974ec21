-- What owned commitments did by month of use, of settled days. What they covered is at list price; what they could have
-- covered is all use of the products that they ever covered, spot apart.
with settled as (
    select currency, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
line as (
    select date_trunc('month', c.charge_date)::date as month, c.charge_date, c.provider, c.service_category as scope,
        c.product, c.currency, c.commitment_status, c.pricing_category, c.effective_cost,
        coalesce(c.list_cost, c.contracted_cost) as list_cost
    from cost_day c
    join settled s on s.currency = c.currency and c.charge_date <= s.last_day
    where c.charge_category = 'Usage' and c.provider is not null and c.service_category is not null
),
covered as (
    select distinct provider, scope, product, currency from line where commitment_status = 'Used'
),
eligible as (
    select l.*, k.product is not null and l.pricing_category is distinct from 'Dynamic'
            and l.commitment_status is distinct from 'Unused' as is_eligible
    from line l
    left join covered k using (provider, scope, product, currency)
),
summed as (
    select month, provider, scope, currency, count(distinct charge_date)::integer as days,
        coalesce(sum(effective_cost) filter (where commitment_status = 'Used'), 0)::decimal(38, 12) as used_cost,
        coalesce(sum(effective_cost) filter (where commitment_status = 'Unused'), 0)::decimal(38, 12) as unused_cost,
        coalesce(sum(list_cost) filter (where commitment_status = 'Used'), 0)::decimal(38, 12) as covered_list_cost,
        coalesce(sum(list_cost) filter (where is_eligible), 0)::decimal(38, 12) as eligible_list_cost
    from eligible
    group by all
    having used_cost <> 0 or unused_cost <> 0
)
select month, provider, scope, currency, days, used_cost + unused_cost as owned_cost, used_cost, unused_cost,
    covered_list_cost, eligible_list_cost, (used_cost / nullif(used_cost + unused_cost, 0))::double as utilisation,
    (covered_list_cost / nullif(eligible_list_cost, 0))::double as coverage,
    covered_list_cost - used_cost - unused_cost as saving,
    (1 - used_cost / nullif(covered_list_cost, 0))::double as discount
from summed
