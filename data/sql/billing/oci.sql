-- An Oracle Cloud cost report's lines under FOCUS names. What it costs is what it is billed: there is nothing to amortise.
select date_trunc('month', try_cast(usage_start as timestamptz) at time zone 'UTC')::varchar as BillingPeriodStart,
    usage_start as ChargePeriodStart,
    usage_end as ChargePeriodEnd,
    coalesce(cost, '0') as BilledCost,  -- of what is free of charge no cost is written
    coalesce(cost, '0') as EffectiveCost,
    currency as BillingCurrency,
    tenant as BillingAccountId,
    coalesce(compartment, tenant) as SubAccountId,
    'Oracle' as ProviderName,
    product as ServiceName,
    region as RegionId,
    resource as ResourceId,
    'Usage' as ChargeCategory,
    case when lower(is_correction) = 'true' then 'Correction' end as ChargeClass,
    quantity as ConsumedQuantity,
    unit as ConsumedUnit,
    tags as Tags,
    x_line,
    x_what
from oci_line
