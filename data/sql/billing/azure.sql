-- An Azure export's lines under FOCUS names. `holds`: actual, amortized (each the only one), or actual_of_both,
-- amortized_of_both, where billed cost is of the one and effective cost of the other.
-- Of an amortised export alone, what a reservation or a savings plan covers is billed 0: the purchase is not in it.
-- Prices are in the pricing currency, costs in the billing one: a price counts at the line's own exchange rate. Where the
-- list price of use is empty or zero, FOCUS takes what it was contracted for, and that where unknown is what it cost.
-- A service period is the charge's own for what recurs or is bought, its last day included; of use it is the period that
-- the price holds for.
-- The variables azure_decimal, azure_date_format and azure_currency say how files write numbers and dates, and what they
-- leave out. A number that is not in the form that was said is marked, so that the load stops and shows it.
with written as (
    select * replace (
        azure_number(cost) as cost,
        azure_number(quantity) as quantity,
        azure_number(list_cost) as list_cost,
        azure_number(list_unit_price) as list_unit_price,
        azure_number(unit_price) as unit_price,
        azure_number(exchange_rate) as exchange_rate
    )
    from azure_line
),
typed as (
    select *,
        coalesce(azure_time(usage_date)::varchar, usage_date) as used_on,
        coalesce(azure_time(period_start)::varchar, period_start) as period_on,
        lower(coalesce(pricing_model, '')) in ('reservation', 'savingsplan') or reservation is not null
            or benefit is not null as is_committed,
        lower(coalesce(charge_type, 'usage')) = 'usage' as is_use,
        lower(coalesce(charge_type, '')) = 'purchase' or lower(coalesce(frequency, '')) = 'recurring' as is_period_own,
        coalesce(
            try_cast(list_cost as decimal(38, 20)),
            azure_amount(list_unit_price, quantity, exchange_rate)
        ) as at_list,
        azure_amount(unit_price, quantity, exchange_rate) as at_contract
    from written
)
select coalesce(period_on, date_trunc('month', try_cast(used_on as timestamp))::varchar, used_on) as BillingPeriodStart,
    case when is_period_own then coalesce(azure_time(service_period_start)::varchar, used_on) else used_on end
        as ChargePeriodStart,
    case when is_period_own and azure_time(service_period_start) is not null
        then (azure_time(service_period_end)::date + 1)::varchar
    end as ChargePeriodEnd,
    case
        when holds = 'amortized_of_both' then '0'
        when holds = 'amortized' and is_committed and lower(charge_type) <> 'purchase' then '0'
        else cost
    end as BilledCost,
    case when holds = 'actual_of_both' then '0' else cost end as EffectiveCost,
    case
        when holds = 'amortized_of_both' then null
        when is_use and coalesce(at_list, 0) = 0 and getvariable('azure_has_list')
            then coalesce(nullif(at_contract, 0)::varchar, cost)
        else at_list::varchar
    end as ListCost,
    holds <> 'amortized_of_both' and is_use and coalesce(at_list, 0) = 0 and coalesce(try_cast(cost as double), 0) <> 0
        and getvariable('azure_has_list') as x_IsUnlisted,
    case
        when holds = 'amortized_of_both' then null
        when is_use and getvariable('azure_has_contract') then coalesce(nullif(at_contract, 0)::varchar, cost)
    end as ContractedCost,
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
    case when is_committed then coalesce(benefit, reservation) end as CommitmentDiscountId,
    case when lower(publisher_type) in ('marketplace', 'aws') then 'Marketplace' end as x_ChargeKind,
    resource_group as x_ResourceGroup,
    resource as ResourceId,
    invoice as InvoiceId,
    tags as Tags,
    x_line,
    x_what
from typed
