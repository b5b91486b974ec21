-- What can be committed to, by its hour: usage in lines of exactly one hour, of the categories that are advised on. Spot
-- capacity cannot be committed. One pass over those lines alone, by no more than what a commitment is bought by: a bill
-- without hours pays nothing, and accounts would make twenty times the rows.
with committable as (
    -- As the files spell them: a filter on the text itself passes over whole blocks of a file.
    select distinct service_category
    from charge_group
    where lower(trim(service_category)) in ('compute', 'databases')
),
hourly as (
    select billing_period_start, charge_period_start, provider, service_category, product, region, commitment_status, currency,
        sum(list_cost) as list_cost,
        sum(contracted_cost) as contracted_cost,
        sum(effective_cost) as effective_cost
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
        no_value(provider) as provider,
        no_value(service_category) as service_category,
        no_value(product) as product,
        no_value(region) as region,
        focus_word(commitment_status) as commitment_status,
        upper(no_value(currency)) as currency,
        list_cost, contracted_cost, effective_cost
    from hourly
)
select $source as source, billing_period, hour_utc, provider, service_category, product, region, commitment_status, currency,
    sum(list_cost)::decimal(38, 20) as list_cost,
    sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost
from cleaned
group by all
