-- What a report says of the discounts on commitments' fees. Where it has net columns they say it all. Where it has none,
-- an enterprise discount of 10 % on the fees of savings plans, or of reservations, makes what those cover 10 % cheaper:
-- the ratio of fee that is left, of each. Discounts on a reservation's fee name the reservation, or are of the same
-- account, product and usage type as the fee (`fee_keys`).
-- `currency` is of lines that do not say theirs: the report's only one, or dollars where no line says one; of several none.
-- `has_list`: whether it has list prices at all.
-- `is_lost`: what was discounted of fees that were paid in an earlier month is in none of these lines.
with line as (
    select line_item_line_item_type as line_type,
        line_item_product_code like '%SavingsPlans' or line_item_line_item_type like 'SavingsPlan%' as is_plan,
        reservation_reservation_arn is not null as is_reservation,
        concat_ws('|', line_item_usage_account_id, line_item_product_code, line_item_usage_type) as fee_key,
        line_item_usage_type is not null as has_key,
        try_cast(line_item_unblended_cost as decimal(38, 12)) as cost,
        line_item_net_unblended_cost is not null as has_net
    from cur_line
    where line_item_line_item_type not in ('Usage', 'SavingsPlanNegation', 'Tax') or line_item_net_unblended_cost is not null
),
typed as (
    select *,
        line_type in ('SavingsPlanUpfrontFee', 'SavingsPlanRecurringFee', 'RIFee')
            or (line_type = 'Fee' and is_reservation) as is_fee,
        line_type in ('EdpDiscount', 'PrivateRateDiscount', 'SppDiscount', 'Discount') as is_discount,
        line_type in ('SavingsPlanCoveredUsage', 'DiscountedUsage') as is_covered
    from line
),
keys as (
    select coalesce(list(distinct fee_key) filter (where is_fee and not is_plan and has_key), []) as fee_keys
    from typed
),
summed as (
    select coalesce(bool_or(has_net), false) as has_net,
        sum(cost) filter (where is_fee and is_plan) as plan_fees,
        sum(cost) filter (where is_discount and is_plan) as plan_discounts,
        sum(cost) filter (where is_fee and not is_plan) as reservation_fees,
        sum(cost) filter (
            where is_discount and not is_plan and (is_reservation or list_contains(fee_keys, fee_key))
        ) as reservation_discounts,
        coalesce(bool_or(is_discount), false) as has_discounts,
        coalesce(bool_or(is_covered and is_plan), false) as has_plan,
        coalesce(bool_or(is_covered and not is_plan), false) as has_reservation
    from typed, keys
)
select has_net,
    case
        when not has_net and plan_discounts < 0 and -plan_discounts < plan_fees
            then 1 + plan_discounts::double / plan_fees::double
        else 1
    end::decimal(18, 12) as plan_ratio,
    case
        when not has_net and reservation_discounts < 0 and -reservation_discounts < reservation_fees
            then 1 + reservation_discounts::double / reservation_fees::double
        else 1
    end::decimal(18, 12) as reservation_ratio,
    fee_keys,
    not has_net and has_discounts
        and (has_plan and plan_fees is null or has_reservation and reservation_fees is null) as is_lost,
    coalesce((select bool_or(pricing_public_on_demand_cost is not null) from cur_line), false) as has_list,
    (
        select case when min(line_item_currency_code) = max(line_item_currency_code) then min(line_item_currency_code)
            when min(line_item_currency_code) is null then 'USD' end
        from cur_line
    ) as currency
from summed, keys
