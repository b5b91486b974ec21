-- The groups with their texts cleaned: the vendors' ways of saying nothing become null, and the words that FOCUS
-- fixes get its spelling; a word it does not know is kept. Charges that span days are cut into their days, in proportion
-- to the time in each: effective, list and contracted cost and quantity. Billed cost stays on the day that they begin.
with cleaned as (
    select billing_month(billing_period_start) as billing_period, charge_date,
        case when is_spreadable(spread_from, spread_to) then spread_from end as spread_from,
        case when is_spreadable(spread_from, spread_to) then whole_second(spread_to) end as spread_to,
        case when owner_text(owner_tag) is not null then owner_tag_key end as owner_tag_key,
        owner_text(owner_tag) as owner_tag,
        no_value(provider) as provider,
        coalesce(no_value(sub_account), no_value(billing_account)) as account,
        no_value(service_category) as service_category,
        no_value(product) as product,
        no_value(region) as region,
        focus_word(charge_category) as charge_category,
        focus_word(charge_class) as charge_class,
        focus_word(pricing_category) as pricing_category,
        focus_word(commitment_status) as commitment_status,
        no_value(consumed_unit) as consumed_unit,
        upper(no_value(currency)) as currency,
        charge_kind(charge_kind, no_value(provider), no_value(product)) as charge_kind,
        rule_position, owner_text(environment) as environment, node,
        -- All of one type: a union would take the scale of the coarser.
        billed_cost::decimal(38, 20) as billed_cost,
        effective_cost::decimal(38, 20) as effective_cost,
        list_cost::decimal(38, 20) as list_cost,
        contracted_cost::decimal(38, 20) as contracted_cost,
        try_cast(consumed_quantity as decimal(38, 9)) as consumed_quantity,  -- exact: in any order the same sum
        lines,
        lines - lines_with_invoice as lines_without_invoice
    from charge_group
),
long as (
    select * exclude (billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines, lines_without_invoice),
        sum(billed_cost) as billed_cost, sum(effective_cost) as effective_cost, sum(list_cost) as list_cost,
        sum(contracted_cost) as contracted_cost, try_cast(sum(consumed_quantity) as decimal(38, 20)) as consumed_quantity,
        sum(lines) as lines, sum(lines_without_invoice) as lines_without_invoice
    from cleaned
    where spread_from is not null
    group by all
),
day_of_long as (
    select *,
        unnest(generate_series(charge_date, (spread_to - interval 1 microsecond)::date, interval 1 day))::date as day
    from long
    -- What costs nothing has nothing to spread: upfront fees of commitments, whose cost is that of what they cover.
    where effective_cost <> 0
),
part as (
    select *, day = charge_date as is_first,
        epoch_us(spread_to) - epoch_us(spread_from) as whole,
        greatest(epoch_us(day::timestamp) - epoch_us(spread_from), 0) as before,
        epoch_us(least(day + interval 1 day, spread_to)) - epoch_us(spread_from) as after
    from day_of_long
),
every as (
    select billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category, product, region,
        charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind,
        rule_position, environment, node, billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines, lines_without_invoice, false as is_spread
    from cleaned
    where spread_from is null
    union all
    select billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category, product, region,
        charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind,
        rule_position, environment, node, billed_cost, effective_cost, list_cost, contracted_cost, consumed_quantity, lines, lines_without_invoice, false
    from long
    where coalesce(effective_cost, 0) = 0
    union all
    select billing_period, day, owner_tag_key, owner_tag, provider, account, service_category, product, region,
        charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency, charge_kind,
        rule_position, environment, node,
        case when is_first then billed_cost else 0 end,
        spread_cost(effective_cost, before, after, whole),
        spread_cost(list_cost, before, after, whole),
        spread_cost(contracted_cost, before, after, whole),
        spread_cost(consumed_quantity, before, after, whole),
        case when is_first then lines else 0 end,
        case when is_first then lines_without_invoice else 0 end,
        true
    from part
)
select $source as source, billing_period, charge_date, owner_tag_key, owner_tag, provider, account, service_category,
    product, region, charge_category, charge_class, pricing_category, commitment_status, consumed_unit, currency,
    charge_kind, rule_position, environment, node,
    sum(billed_cost)::decimal(38, 20) as billed_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost,
    sum(list_cost)::decimal(38, 20) as list_cost,
    sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(consumed_quantity)::double as consumed_quantity,
    sum(lines)::bigint as lines,
    sum(lines_without_invoice)::bigint as lines_without_invoice,
    (sum(effective_cost) filter (where not is_spread))::decimal(38, 20) as unspread_cost,
    not bool_and(is_spread) as has_unspread
from every
group by all
