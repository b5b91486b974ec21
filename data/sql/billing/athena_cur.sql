-- In Athena's SQL: the lines of a Cost and Usage Report 2.0 summed to the day and to what sql/billing/cur.sql looks at.
-- What that makes of a line's costs is a sum of them once the line's type is known, and which of its net columns say
-- something, so it may be done after the sum. Parts of nodes (split cost allocation) are not summed apart: they need every
-- resource, and stay with their node here.
select bill_billing_period_start_date,
    case
        when line_item_usage_end_date > date_trunc('day', line_item_usage_start_date) + interval '1' day
            then line_item_usage_start_date
        else date_trunc('day', line_item_usage_start_date)
    end as line_item_usage_start_date,
    case
        when line_item_usage_end_date > date_trunc('day', line_item_usage_start_date) + interval '1' day
            then line_item_usage_end_date
    end as line_item_usage_end_date,
    line_item_line_item_type,
    nullif(bill_invoice_id, '') as bill_invoice_id,
    bill_billing_entity,
    bill_payer_account_id,
    line_item_currency_code,
    line_item_product_code,
    line_item_usage_account_id,
    pricing_term,
    pricing_unit,
    element_at(product, 'product_name') as product_product_name,
    coalesce(product_region_code, element_at(product, 'region')) as product_region_code,
    case when reservation_reservation_arn <> '' then 'arn' end as reservation_reservation_arn,
    case
        when line_item_line_item_type in ('Fee', 'RIFee', 'EdpDiscount', 'PrivateRateDiscount', 'SppDiscount', 'Discount')
            then line_item_usage_type
    end as line_item_usage_type,
    map_filter(resource_tags, (k, v) -> $is_owner) as resource_tags,
    line_item_net_unblended_cost is null as x_no_net,
    savings_plan_net_savings_plan_effective_cost is null as x_no_net_plan,
    reservation_net_effective_cost is null as x_no_net_reservation,
    reservation_net_unused_amortized_upfront_fee_for_billing_period is null as x_no_net_upfront,
    reservation_net_unused_recurring_fee is null as x_no_net_recurring,
    sum(line_item_unblended_cost) as line_item_unblended_cost,
    sum(line_item_net_unblended_cost) as line_item_net_unblended_cost,
    sum(line_item_usage_amount) as line_item_usage_amount,
    sum(pricing_public_on_demand_cost) as pricing_public_on_demand_cost,
    sum(reservation_effective_cost) as reservation_effective_cost,
    sum(reservation_net_effective_cost) as reservation_net_effective_cost,
    sum(reservation_net_unused_amortized_upfront_fee_for_billing_period)
        as reservation_net_unused_amortized_upfront_fee_for_billing_period,
    sum(reservation_net_unused_recurring_fee) as reservation_net_unused_recurring_fee,
    sum(savings_plan_net_savings_plan_effective_cost) as savings_plan_net_savings_plan_effective_cost,
    sum(reservation_unused_amortized_upfront_fee_for_billing_period)
        as reservation_unused_amortized_upfront_fee_for_billing_period,
    sum(reservation_unused_recurring_fee) as reservation_unused_recurring_fee,
    sum(savings_plan_savings_plan_effective_cost) as savings_plan_savings_plan_effective_cost,
    sum(savings_plan_total_commitment_to_date) as savings_plan_total_commitment_to_date,
    sum(savings_plan_used_commitment) as savings_plan_used_commitment,
    count(*) - count(line_item_unblended_cost) as x_lines_without_cost
from (
    select $columns
    from $table
    where billing_period in ($months)
) as line
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22
