-- An Azure export's lines under FOCUS names. `holds`: actual, amortized (each the only one), or actual_of_both,
-- amortized_of_both, where billed cost is of the one and effective cost of the other.
-- Of an amortised export alone, what a reservation or a savings plan covers is billed 0: the purchase is not in it.
-- The variables azure_decimal, azure_date_format and azure_currency say how files write numbers and dates, and what they
-- leave out. A number that is not in the form that was said is marked, so that the load stops and shows it.
with written as (
    select * replace (
        azure_number(cost) as cost,
        azure_number(quantity) as quantity,
        azure_number(list_unit_price) as list_unit_price
    )
    from azure_line
),
typed as (
    select *,
        coalesce(azure_time(usage_date)::varchar, usage_date) as used_on,
        coalesce(azure_time(period_start)::varchar, period_start) as period_on,
        lower(coalesce(pricing_model, '')) in ('reservation', 'savingsplan') or reservation is not null as is_committed
    from written
)
select coalesce(period_on, date_trunc('month', try_cast(used_on as timestamp))::varchar, used_on) as BillingPeriodStart,
    used_on as ChargePeriodStart,
    case
        when holds = 'amortized_of_both' then '0'
        when holds = 'amortized' and is_committed and lower(charge_type) <> 'purchase' then '0'
        else cost
    end as BilledCost,
    case when holds = 'actual_of_both' then '0' else cost end as EffectiveCost,
    case
        when holds <> 'amortized_of_both'
            then (try_cast(list_unit_price as decimal(20, 8)) * try_cast(quantity as decimal(18, 8)))::varchar
    end as ListCost,
    coalesce(currency, getvariable('azure_currency')) as BillingCurrency,
    billing_account as BillingAccountId,
    subscription as SubAccountId,
    'Microsoft' as ProviderName,
    category as ServiceCategory,
    product as ServiceName,
    region as RegionId,
    case lower(coalesce(charge_type, 'usage'))
        when 'usage' then 'Usage'
        when 'unusedreservation' then 'Usage'
        when 'unusedsavingsplan' then 'Usage'
        when 'purchase' then 'Purchase'
        when 'tax' then 'Tax'
        when 'credit' then 'Credit'
        when 'refund' then 'Adjustment'
        when 'roundingadjustment' then 'Adjustment'
        else charge_type
    end as ChargeCategory,
    case lower(frequency) when 'onetime' then 'One-Time' when 'usagebased' then 'Usage-Based' else frequency end
        as ChargeFrequency,
    case
        when is_committed then 'Committed'
        when lower(pricing_model) = 'spot' then 'Dynamic'
        when pricing_model is not null then 'Standard'
    end as PricingCategory,
    case
        when lower(charge_type) in ('unusedreservation', 'unusedsavingsplan') then 'Unused'
        when is_committed and lower(charge_type) = 'usage' then 'Used'
    end as CommitmentDiscountStatus,
    case when holds <> 'amortized_of_both' then quantity end as ConsumedQuantity,
    unit as ConsumedUnit,
    invoice as InvoiceId,
    tags as Tags,
    x_line
from typed
