-- A Cost and Usage Report's lines under FOCUS names. One line stays one line, so that lines and sums tie to the report.
--
-- billed: line_item_unblended_cost, what the invoice adds up. Use that a savings plan covers is billed at its on-demand
-- cost and taken back by SavingsPlanNegation.
-- effective: the amortised cost by line type, as AWS documents it in
-- https://docs.aws.amazon.com/cur/latest/userguide/cur-sp.html and
-- https://docs.aws.amazon.com/cur/latest/userguide/reservation-columns.html
--   SavingsPlanCoveredUsage    savings_plan_savings_plan_effective_cost
--   SavingsPlanRecurringFee    what of the commitment was not used: total_commitment_to_date - used_commitment
--   SavingsPlanNegation, SavingsPlanUpfrontFee    0
--   DiscountedUsage            reservation_effective_cost
--   RIFee                      what of the reservation was not used: its share of the upfront fee, and of the recurring
--   Fee of a reservation       0: it is the upfront fee
--   everything else            line_item_unblended_cost: Usage, Fee, Tax, Credit, Refund, EdpDiscount, BundledDiscount,
--                              PrivateRateDiscount, SppDiscount and types that come later
-- A commitment's fee has the status Unused, since its effective cost is the part that nobody used.
with typed as (
    select *,
        case
            when line_item_line_item_type = 'Fee' and reservation_reservation_arn is not null then 'ReservationUpfrontFee'
            else line_item_line_item_type
        end as line_type
    from cur_line
)
select bill_billing_period_start_date as BillingPeriodStart,
    line_item_usage_start_date as ChargePeriodStart,
    line_item_usage_end_date as ChargePeriodEnd,
    line_item_unblended_cost as BilledCost,
    case
        when line_type = 'SavingsPlanCoveredUsage' then savings_plan_savings_plan_effective_cost
        when line_type = 'SavingsPlanRecurringFee' then (
            try_cast(savings_plan_total_commitment_to_date as decimal(38, 20))
            - coalesce(try_cast(savings_plan_used_commitment as decimal(38, 20)), 0)
        )::varchar
        when line_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee', 'ReservationUpfrontFee') then '0'
        when line_type = 'DiscountedUsage' then reservation_effective_cost
        when line_type = 'RIFee' then case
            when coalesce(
                reservation_unused_amortized_upfront_fee_for_billing_period, reservation_unused_recurring_fee
            ) is not null then (
                coalesce(
                    try_cast(reservation_unused_amortized_upfront_fee_for_billing_period as decimal(38, 20)), 0
                )
                + coalesce(try_cast(reservation_unused_recurring_fee as decimal(38, 20)), 0)
            )::varchar
        end
        else line_item_unblended_cost
    end as EffectiveCost,
    pricing_public_on_demand_cost as ListCost,
    coalesce(line_item_currency_code, 'USD') as BillingCurrency,
    bill_payer_account_id as BillingAccountId,
    line_item_usage_account_id as SubAccountId,
    coalesce(bill_billing_entity, 'AWS') as ProviderName,
    case
        when line_item_product_code in ('AmazonEC2', 'AWSLambda', 'AmazonECS', 'AmazonEKS', 'AmazonLightsail')
            or line_item_product_code like '%ComputeSavingsPlans' then 'Compute'
        when line_item_product_code in ('AmazonS3', 'AmazonEFS', 'AmazonFSx', 'AmazonGlacier', 'AWSBackup') then 'Storage'
        when line_item_product_code in (
            'AmazonRDS', 'AmazonDynamoDB', 'AmazonElastiCache', 'AmazonRedshift', 'AmazonDocDB', 'AmazonNeptune'
        ) then 'Databases'
        when line_item_product_code in (
            'AmazonVPC', 'AmazonCloudFront', 'AWSDataTransfer', 'AmazonRoute53', 'AWSELB', 'AWSDirectConnect'
        ) then 'Networking'
        when line_item_product_code in ('AmazonCloudWatch', 'AWSCloudTrail', 'AWSConfig') then 'Management and Governance'
        when line_item_product_code in ('AWSQueueService', 'AmazonSNS', 'AmazonStates', 'AWSEvents') then 'Integration'
        when line_item_product_code in ('AmazonAthena', 'AWSGlue', 'AmazonKinesis', 'AmazonES') then 'Analytics'
        when line_item_product_code in ('AmazonSageMaker', 'AmazonBedrock') then 'AI and Machine Learning'
        else 'Other'
    end as ServiceCategory,
    coalesce(product_product_name, line_item_product_code) as ServiceName,
    coalesce(product_region_code, product_region) as RegionId,
    case
        when line_type in (
            'Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'EdpDiscount',
            'BundledDiscount', 'PrivateRateDiscount', 'SppDiscount', 'Discount', 'FlatRateSubscription'
        ) then 'Usage'
        when line_type in ('Fee', 'ReservationUpfrontFee', 'SavingsPlanUpfrontFee', 'RIFee', 'SavingsPlanRecurringFee')
            then 'Purchase'
        when line_type = 'Tax' then 'Tax'
        when line_type = 'Credit' then 'Credit'
        when line_type = 'Refund' then 'Adjustment'
        else line_type
    end as ChargeCategory,
    case
        when line_type in ('Fee', 'ReservationUpfrontFee', 'SavingsPlanUpfrontFee') then 'One-Time'
        when line_type in ('RIFee', 'SavingsPlanRecurringFee') then 'Recurring'
        else 'Usage-Based'
    end as ChargeFrequency,
    case
        when line_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage') then 'Committed'
        when lower(pricing_term) = 'spot' then 'Dynamic'
        else 'Standard'
    end as PricingCategory,
    case
        when line_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage') then 'Used'
        when line_type in ('RIFee', 'SavingsPlanRecurringFee') then 'Unused'
    end as CommitmentDiscountStatus,
    coalesce(savings_plan_savings_plan_arn, reservation_reservation_arn) as CommitmentDiscountId,
    case
        when savings_plan_savings_plan_arn is not null
            then coalesce(regexp_replace(savings_plan_offering_type, 'SavingsPlans?', '') || ' ', '') || 'Savings Plan'
        when reservation_reservation_arn is not null then 'Reservation'
    end as CommitmentDiscountType,
    case
        when savings_plan_savings_plan_arn is not null then 'Spend' when reservation_reservation_arn is not null then 'Usage'
    end as CommitmentDiscountCategory,
    coalesce(savings_plan_start_time, reservation_start_time) as x_CommitmentStart,
    coalesce(savings_plan_end_time, reservation_end_time) as x_CommitmentEnd,
    coalesce(
        savings_plan_payment_option, case when reservation_reservation_arn is not null then pricing_purchase_option end
    ) as x_CommitmentPaymentOption,
    line_item_usage_amount as ConsumedQuantity,
    pricing_unit as ConsumedUnit,
    bill_invoice_id as InvoiceId,
    tags as Tags
from typed
