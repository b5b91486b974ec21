-- Where the lines break the specification and were put right.
with spelt as (
    unpivot (
        select charge_category, charge_class, charge_frequency, pricing_category, commitment_status, lines
        from charge_group
    )
    on charge_category, charge_class, charge_frequency, pricing_category, commitment_status
    into name field value found
),
texts as (
    unpivot (
        select provider, sub_account, billing_account, service_category, product, region, charge_category,
            charge_class, charge_frequency, pricing_category, commitment_status, consumed_unit, lines
        from charge_group
    )
    on provider, sub_account, billing_account, service_category, product, region, charge_category, charge_class,
        charge_frequency, pricing_category, commitment_status, consumed_unit
    into name field value found
)
select 'literal NULL in place of no value' as reason, sum(lines)::bigint as rows, string_agg(distinct field, ', ' order by field) as example
from texts
where trim(found) = 'NULL'
having count(*) > 0
union all
select field || ' is spelt ' || found || ', want ' || focus_word(found), sum(lines)::bigint, found
from spelt
where no_text(found) is not null and found <> focus_word(found)
group by field, found
union all
select field || ' is ' || found || ', which FOCUS does not know', sum(lines)::bigint, found
from spelt
where no_text(found) is not null
    and focus_word(found) not in (
        'Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment', 'Correction', 'One-Time', 'Recurring', 'Usage-Based',
        'Standard', 'Dynamic', 'Committed', 'Other', 'Used', 'Unused'
    )
group by field, found
union all
select 'EffectiveCost is missing: counted as no cost of use', sum(lines_without_effective)::bigint, any_value(product)
from charge_group
having sum(lines_without_effective) > 0
union all
select 'charged in one month, billed in another', sum(lines)::bigint, min(charge_date)::varchar
from charge_group
where date_trunc('month', charge_date) > date_trunc('month', billing_period_start)
having count(*) > 0
