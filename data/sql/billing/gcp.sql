-- A Google Cloud export's lines under FOCUS names. Discounts among the credits (committed and sustained use, negotiated)
-- lower the cost of use; promotions and other gifts are Credit lines of their own, since they are not run-rate.
-- Credits that cannot be read are put where the cost stands, so that the load stops and shows them.
with parsed as (
    select *,
        case
            when credits is null or credits = '[]' then []
            else from_json(
                coalesce(
                    try_cast(credits as json),
                    try_cast(replace(replace(credits, '''', '"'), 'None', 'null') as json)  -- as Python prints it
                ),
                '[{"amount": "VARCHAR", "type": "VARCHAR"}]'
            )
        end as given
    from gcp_line
),
summed as (
    select *,
        list_filter(
            given,
            lambda one: coalesce(one.type, 'PROMOTION') in (
                'COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'SUSTAINED_USAGE_DISCOUNT',
                'DISCOUNT', 'FEE_UTILIZATION_OFFSET'
            )
        ) as discounts,
        list_filter(
            given,
            lambda one: coalesce(one.type, 'PROMOTION') not in (
                'COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'SUSTAINED_USAGE_DISCOUNT',
                'DISCOUNT', 'FEE_UTILIZATION_OFFSET'
            )
        ) as gifts
    from parsed
),
amounts as (
    select *,
        coalesce(list_sum(list_transform(discounts, lambda one: one.amount::decimal(38, 20))), 0) as discount,
        coalesce(list_sum(list_transform(gifts, lambda one: one.amount::decimal(38, 20))), 0) as gift
    from summed
),
line as (
    select *,
        case
            when given is null then 'credits ' || credits
            when discount = 0 then cost
            else coalesce((try_cast(cost as decimal(38, 20)) + discount)::varchar, cost)
        end as charged,
        case lower(coalesce(cost_type, 'regular'))
            when 'regular' then 'Usage' when 'tax' then 'Tax' when 'adjustment' then 'Adjustment'
            when 'rounding_error' then 'Adjustment' else cost_type
        end as category
    from amounts
    union all
    select *, gift::varchar, 'Credit'
    from amounts
    where gift <> 0
)
select substr(invoice_month, 1, 4) || '-' || substr(invoice_month, 5, 2) || '-01' as BillingPeriodStart,
    usage_start as ChargePeriodStart,
    charged as BilledCost,
    charged as EffectiveCost,
    case when category = 'Usage' then coalesce(list_cost, cost) end as ListCost,
    currency as BillingCurrency,
    billing_account as BillingAccountId,
    project as SubAccountId,
    'Google Cloud' as ProviderName,
    product as ServiceName,
    region as RegionId,
    category as ChargeCategory,
    case when category <> 'Credit' then quantity end as ConsumedQuantity,
    unit as ConsumedUnit,
    replace(labels, '''', '"') as Tags
from line
