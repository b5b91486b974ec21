-- Where a report has no net columns: what is left of savings plans' fees after the discounts on them. An enterprise
-- discount of 10 % on fees makes what they cover 10 % cheaper for as long as they last.
with fee as (
    select sum(try_cast(line_item_unblended_cost as decimal(38, 12))) filter (
            where line_item_line_item_type in ('SavingsPlanUpfrontFee', 'SavingsPlanRecurringFee')
        ) as fees,
        sum(try_cast(line_item_unblended_cost as decimal(38, 12))) filter (
            where line_item_line_item_type in ('EdpDiscount', 'PrivateRateDiscount', 'SppDiscount', 'Discount')
        ) as discounts
    from cur_line
    where line_item_product_code like '%SavingsPlans'
)
select (1 + discounts::double / fees::double)::decimal(18, 12) as ratio
from fee
where fees > 0 and discounts < 0 and -discounts < fees
