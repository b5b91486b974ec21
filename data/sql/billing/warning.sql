-- Where the lines break the specification and were put right.
with kind as materialized (
    -- Few: neither days nor owners are in it.
    select provider, sub_account, billing_account, service_category, product, region, charge_category, charge_class,
        charge_frequency, pricing_category, commitment_status, consumed_unit, sum(lines) as lines
    from charge_group
    group by all
),
texts as (
    select field, found, sum(lines) as lines
    from (
        unpivot kind
        on provider, sub_account, billing_account, service_category, product, region, charge_category, charge_class,
            charge_frequency, pricing_category, commitment_status, consumed_unit
        into name field value found
    )
    group by all
),
spelt as (
    from texts
    where field in ('charge_category', 'charge_class', 'charge_frequency', 'pricing_category', 'commitment_status')
)
select 'literal ' || trim(found) || ' in place of no value' as reason, sum(lines)::bigint as rows, string_agg(distinct field, ', ' order by field) as example
from texts
where no_value(found) is null and trim(found) <> ''
group by trim(found)
union all
select field || ' is spelt ' || found || ', want ' || focus_word(found), sum(lines)::bigint, found
from spelt
where no_value(found) is not null and found <> focus_word(found)
group by field, found
union all
select field || ' is ' || found || ', which FOCUS does not know', sum(lines)::bigint, found
from spelt
where no_value(found) is not null
    and focus_word(found) not in (
        'Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment', 'Correction', 'One-Time', 'Recurring', 'Usage-Based',
        'Standard', 'Dynamic', 'Committed', 'Other', 'Used', 'Unused'
    )
group by field, found
union all
select 'no ChargeCategory: counted as use', sum(lines)::bigint, min(product)
from kind
where no_value(charge_category) is null
having count(*) > 0
union all
select 'purchases of commitments have an effective cost of ' || sum(purchase_cost)::decimal(38, 2) || ' ' || currency
    || ', beside that of what they cover: it counts twice; tell the vendor, FOCUS wants 0', count(*)::bigint, min(commitment_id)
from commitment_new
where purchase_cost <> 0 and used_cost <> 0
group by currency
union all
select 'EffectiveCost is missing: counted as no cost of use', sum(lines - lines_with_effective)::bigint, min(product)
from charge_group
having sum(lines - lines_with_effective) > 0
union all
select 'charged in one month, billed in another', sum(lines)::bigint, min(charge_date)::varchar
from charge_group
where date_trunc('month', charge_date) > billing_month(billing_period_start)
having count(*) > 0
union all
select 'charged for more than ten years: kept on its first day', sum(lines)::bigint, min(spread_to)::varchar
from charge_group
where not is_spreadable(spread_from, spread_to)
having count(*) > 0
union all
select 'use without a list price: counted at its contracted price, or its cost', sum(lines_unlisted)::bigint,
    min(product) filter (where lines_unlisted > 0)
from charge_group
having sum(lines_unlisted) > 0
union all
select 'ConsumedQuantity is no number: counted as no use', sum(lines_quantity_lost)::bigint,
    min(product) filter (where lines_quantity_lost > 0)
from charge_group
having sum(lines_quantity_lost) > 0
