-- A Google Cloud export's lines under FOCUS names. Which credits are part of a price and which are gifts is by Google's own
-- list: https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage (credits.type). All but
-- promotions come again with the same use and lower its cost; promotions and types that the list does not have are
-- Credit lines of their own, since they are not run-rate.
-- Credits that cannot be read are put where the cost stands, so that the load stops and shows them.
with parsed as (
    select *,
        case
            when credits is null or credits = '[]' then []
            else from_json(json_of(credits), '[{"amount": "VARCHAR", "type": "VARCHAR"}]')
        end as given,
        from_json(
            case when starts_with(folders, '[') then json_of(folders) end,
            '[{"resource_name": "VARCHAR", "display_name": "VARCHAR"}]'
        ) as ancestors
    from gcp_line
),
summed as (
    select *,
        list_filter(
            given,
            lambda one: coalesce(one.type, 'PROMOTION') in (
                'COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'DISCOUNT', 'FEE_UTILIZATION_OFFSET',
                'FREE_TIER', 'RESELLER_MARGIN', 'SUBSCRIPTION_BENEFIT', 'SUSTAINED_USAGE_DISCOUNT'
            )
        ) as discounts,
        list_filter(
            given,
            lambda one: coalesce(one.type, 'PROMOTION') not in (
                'COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'DISCOUNT', 'FEE_UTILIZATION_OFFSET',
                'FREE_TIER', 'RESELLER_MARGIN', 'SUBSCRIPTION_BENEFIT', 'SUSTAINED_USAGE_DISCOUNT'
            )
        ) as gifts
    from parsed
),
amounts as (
    select *,
        -- The folder that a project lies in: ancestors are listed from the project up, or from the organisation down.
        case
            when starts_with(ancestors[1].resource_name, 'organizations/')
                then list_filter(ancestors, lambda one: starts_with(one.resource_name, 'folders/'))[-1].display_name
            else list_filter(ancestors, lambda one: starts_with(one.resource_name, 'folders/'))[1].display_name
        end as folder,
        coalesce(list_sum(list_transform(discounts, lambda one: one.amount::decimal(38, 20))), 0) as discount,
        coalesce(list_sum(list_transform(gifts, lambda one: one.amount::decimal(38, 20))), 0) as gift
    from summed
),
line as (
    select *,
        case
            when given is null or list_bool_or(list_transform(given, lambda one: one.amount is null))
                then 'credits ' || credits
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
    usage_end as ChargePeriodEnd,
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
    labels as Tags,
    project_labels as x_ProjectLabels,
    folder as x_Folder,
    tags as x_ResourceTags,
    resource as ResourceId,
    x_line,
    x_what
from line
