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
-- A report of who has negotiated discounts has a net column beside each of these: then it is the cost, since the
-- discount is in it and the discount's own line is 0 there. What has no net column of its own, a plan's unused part, is
-- lowered as its fee is. Without net columns discounts on the fees of savings plans lower what the plans cover.
-- A part of a node (split cost allocation, see cur_split.sql) costs what was split to it, the node what is left.
-- A commitment's fee has the status Unused, since its effective cost is the part that nobody used.
with typed as (
    select *,
        case
            when line_item_line_item_type = 'Fee' and reservation_reservation_arn is not null then 'ReservationUpfrontFee'
            else line_item_line_item_type
        end as line_type,
        line_item_line_item_type in ('EdpDiscount', 'PrivateRateDiscount', 'SppDiscount', 'BundledDiscount', 'Discount')
            as is_discount,
        line_item_product_code like '%SavingsPlans' as is_of_plan,
        reservation_reservation_arn is not null or list_contains(
            getvariable('cur_fee_keys'),
            concat_ws('|', line_item_usage_account_id, line_item_product_code, line_item_usage_type)
        ) as is_of_reservation,
        case
            when try_cast(line_item_unblended_cost as double) <> 0
                then coalesce(try_cast(line_item_net_unblended_cost as double) / line_item_unblended_cost::double, 1)
            else 1
        end as net_ratio
    from cur_line
),
valued as (
    select *,
        case
            when line_type = 'SavingsPlanCoveredUsage' then coalesce(
                savings_plan_net_savings_plan_effective_cost,
                times(savings_plan_savings_plan_effective_cost, getvariable('cur_plan_ratio'))
            )
            when line_type = 'SavingsPlanRecurringFee' then (
                (
                    try_cast(savings_plan_total_commitment_to_date as decimal(20, 10))
                    - coalesce(try_cast(savings_plan_used_commitment as decimal(20, 10)), 0)
                ) * case
                    when getvariable('cur_plan_ratio') <> 1 then getvariable('cur_plan_ratio')
                    else net_ratio::decimal(14, 12)
                end
            )::varchar
            when line_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee', 'ReservationUpfrontFee') then '0'
            when line_type = 'DiscountedUsage' then coalesce(
                reservation_net_effective_cost,
                times(reservation_effective_cost, getvariable('cur_reservation_ratio'))
            )
            when line_type = 'RIFee' then case
                when coalesce(
                    reservation_unused_amortized_upfront_fee_for_billing_period, reservation_unused_recurring_fee
                ) is not null then (
                    coalesce(
                        try_cast(reservation_net_unused_amortized_upfront_fee_for_billing_period as decimal(38, 20)),
                        try_cast(
                            times(
                                reservation_unused_amortized_upfront_fee_for_billing_period,
                                getvariable('cur_reservation_ratio')
                            ) as decimal(38, 20)
                        ),
                        0
                    )
                    + coalesce(
                        try_cast(reservation_net_unused_recurring_fee as decimal(38, 20)),
                        try_cast(
                            times(reservation_unused_recurring_fee, getvariable('cur_reservation_ratio')) as decimal(38, 20)
                        ),
                        0
                    )
                )::varchar
            end
            -- A discount is in what it lowers: in the net cost of each line, or in what the commitment covers.
            when is_discount and getvariable('cur_has_net') then coalesce(line_item_net_unblended_cost, '0')
            when is_discount and is_of_plan and getvariable('cur_plan_ratio') <> 1 then '0'
            when is_discount and not is_of_plan and is_of_reservation and getvariable('cur_reservation_ratio') <> 1 then '0'
            else coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
        end as effective,
        getvariable('cur_has_list') and split_cost is null
            and line_type in ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
            and coalesce(try_cast(pricing_public_on_demand_cost as double), 0) = 0
            and coalesce(
                try_cast(case when line_type = 'DiscountedUsage' then reservation_effective_cost else line_item_unblended_cost end as double), 0
            ) > 0 as is_unlisted
    from typed
)
select bill_billing_period_start_date as BillingPeriodStart,
    line_item_usage_start_date as ChargePeriodStart,
    line_item_usage_end_date as ChargePeriodEnd,
    line_item_unblended_cost as BilledCost,
    case
        when split_cost is not null then split_cost
        when given_away is not null then (try_cast(effective as decimal(38, 20)) - given_away)::varchar
        else effective
    end as EffectiveCost,
    case
        when not is_unlisted then pricing_public_on_demand_cost
        when line_type = 'DiscountedUsage' then effective
        else line_item_unblended_cost  -- of what a savings plan covers too, which is billed at its on-demand cost
    end as ListCost,
    is_unlisted as x_IsUnlisted,
    coalesce(line_item_currency_code, getvariable('cur_currency')) as BillingCurrency,
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
    line_item_resource_id as ResourceId,
    case
        when line_item_product_code in (
            'AWSSupportBasic', 'AWSDeveloperSupport', 'AWSSupportDeveloper', 'AWSSupportBusiness', 'AWSSupportEnterprise',
            'AWSSupportEnterpriseOnRamp', 'OCBPremiumSupport'
        ) then 'Support'
        when given_away is not null then 'split_unused'
        when bill_billing_entity = 'AWS Marketplace' then 'Marketplace'
    end as x_ChargeKind,
    tags as Tags,
    cost_categories as x_CostCategories,
    account_tags as x_AccountTags,
    all_tags as x_ResourceTags,
    x_line,
    x_what
from valued
