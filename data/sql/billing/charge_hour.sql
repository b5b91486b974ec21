-- What can be committed to, by its hour: usage in lines of exactly one hour, of the categories for which vendors sell
-- commitments, or that one covers. Spot capacity cannot be committed. One pass over those lines alone, so that a bill
-- without hours pays nothing for it.
with hourly as (
    select billing_period_start, charge_period_start, provider, sub_account, billing_account, service_category, product,
        region, pricing_category, commitment_status, commitment_id, consumed_unit, currency,
        sum(list_cost) as list_cost,
        sum(contracted_cost) as contracted_cost,
        sum(effective_cost) as effective_cost,
        sum(billed_cost) as billed_cost,
        sum(try_cast(consumed_quantity as decimal(38, 9))) as consumed_quantity
    from charge_line
    where charge_period_end = charge_period_start + interval 1 hour
        and lower(charge_category) = 'usage'
        and lower(pricing_category) is distinct from 'dynamic'
        and (
            lower(service_category) in ('compute', 'databases', 'analytics', 'ai and machine learning')
            or commitment_id is not null
        )
    group by all
),
cleaned as (
    select billing_month(billing_period_start) as billing_period,
        date_trunc('hour', charge_period_start)::timestamp as hour_utc,
        no_text(provider) as provider,
        coalesce(no_text(sub_account), no_text(billing_account)) as account,
        no_text(service_category) as service_category,
        no_text(product) as product,
        no_text(region) as region,
        focus_word(pricing_category) as pricing_category,
        focus_word(commitment_status) as commitment_status,
        no_text(commitment_id) as commitment_id,
        no_text(consumed_unit) as consumed_unit,
        upper(no_text(currency)) as currency,
        list_cost, contracted_cost, effective_cost, billed_cost, consumed_quantity
    from hourly
)
select $source as source, billing_period, hour_utc, provider, account, service_category, product, region,
    pricing_category, commitment_status, commitment_id, consumed_unit, currency,
    sum(list_cost)::decimal(38, 12) as list_cost,
    sum(contracted_cost)::decimal(38, 12) as contracted_cost,
    sum(effective_cost)::decimal(38, 12) as effective_cost,
    sum(billed_cost)::decimal(38, 12) as billed_cost,
    sum(consumed_quantity)::double as consumed_quantity
from cleaned
group by all
