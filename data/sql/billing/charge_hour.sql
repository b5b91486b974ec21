-- What can be committed to, by its hour: usage in lines of exactly one hour, of the categories for which vendors sell
-- commitments. Spot capacity cannot be committed. One pass over those lines alone: a bill without hours pays nothing.
with committable as (
    -- As the files spell them: a filter on the text itself passes over whole blocks of a file.
    select distinct service_category
    from charge_group
    where lower(trim(service_category)) in ('compute', 'databases', 'analytics', 'ai and machine learning')
),
hourly as (
    select billing_period_start, charge_period_start, provider, coalesce(no_text(sub_account), billing_account) as account,
        service_category, product, region, pricing_category, commitment_status, commitment_id, consumed_unit, currency,
        sum(list_cost) as list_cost,
        sum(contracted_cost) as contracted_cost,
        sum(effective_cost) as effective_cost,
        sum(billed_cost) as billed_cost,
        round(sum(consumed_quantity), 9) as consumed_quantity
    from charge_line
    where charge_period_end = charge_period_start + interval 1 hour
        and lower(charge_category) = 'usage'
        and lower(pricing_category) is distinct from 'dynamic'
        and service_category in (from committable)
    group by all
),
cleaned as (
    select billing_month(billing_period_start) as billing_period,
        date_trunc('hour', charge_period_start)::timestamp as hour_utc,
        no_text(provider) as provider,
        no_text(account) as account,
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
    sum(list_cost)::decimal(38, 20) as list_cost,
    sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost,
    sum(billed_cost)::decimal(38, 20) as billed_cost,
    sum(consumed_quantity)::double as consumed_quantity
from cleaned
group by all
