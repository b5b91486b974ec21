-- What a delivery says of one billing period, for ever: its totals, and how much use each day had by then.
delete from billing_load
where source = $source and billing_period = $billing_period and execution_id = $execution_id;
delete from billing_load_day
where source = $source and billing_period = $billing_period and execution_id = $execution_id;
insert into billing_load by name
select $source as source, billing_period, $execution_id as execution_id, currency, $fingerprint as fingerprint,
    $files as files, sum(lines)::bigint as lines,
    sum(billed_cost)::decimal(38, 20) as billed_cost,
    sum(effective_cost)::decimal(38, 20) as effective_cost,
    sum(list_cost)::decimal(38, 20) as list_cost,
    sum(contracted_cost)::decimal(38, 20) as contracted_cost,
    sum(lines_without_invoice)::bigint as lines_without_invoice,
    -- A month's fee says nothing of how far the use goes: its days to come are on the bill too.
    coalesce(
        max(charge_date) filter (where has_unspread and charge_category = 'Usage'),
        max(charge_date) filter (where has_unspread),
        max(charge_date)
    ) as last_charge_date,
    $delivered_at as delivered_at, $loaded_at as loaded_at, $is_current as is_current
from charge_new
where billing_period = $billing_period
group by all;
insert into billing_load_day by name
select $source as source, billing_period, $execution_id as execution_id, provider, currency, charge_date,
    sum(unspread_cost)::decimal(38, 20) as usage_cost
from charge_new
where billing_period = $billing_period and charge_category = 'Usage' and charge_class is null and has_unspread
group by all;
