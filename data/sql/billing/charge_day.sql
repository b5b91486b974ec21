-- The groups with their texts cleaned: the vendors' ways of saying nothing become null, and the words that FOCUS
-- fixes get its spelling; a word it does not know is kept.
with cleaned as (
    select billing_month(billing_period_start) as billing_period, charge_date,
        owner_tag_key,
        owner_tag,
        no_text(provider) as provider,
        coalesce(no_text(sub_account), no_text(billing_account)) as account,
        no_text(service_category) as service_category,
        no_text(product) as product,
        no_text(region) as region,
        focus_word(charge_category) as charge_category,
        focus_word(charge_class) as charge_class,
        focus_word(pricing_category) as pricing_category,
        focus_word(commitment_status) as commitment_status,
        no_text(consumed_unit) as consumed_unit,
        upper(no_text(currency)) as currency,
        billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines,
        lines - lines_with_invoice as lines_without_invoice
    from charge_group
)
select $source as source, billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category,
    product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency,
    sum(billed_cost)::decimal(38, 12) as billed_cost,
    sum(effective_cost)::decimal(38, 12) as effective_cost,
    sum(list_cost)::decimal(38, 12) as list_cost,
    sum(contracted_cost)::decimal(38, 12) as contracted_cost,
    sum(try_cast(consumed_quantity as decimal(38, 9)))::double as consumed_quantity,  -- exact: in any order the same
    sum(lines)::bigint as lines,
    sum(lines_without_invoice)::bigint as lines_without_invoice
from cleaned
group by all
