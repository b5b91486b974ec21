select $source as source, billing_period, $execution_id as execution_id, currency, $fingerprint as fingerprint,
    $files as files, sum(lines)::bigint as lines,
    sum(billed_cost)::decimal(38, 12) as billed_cost,
    sum(effective_cost)::decimal(38, 12) as effective_cost,
    sum(list_cost)::decimal(38, 12) as list_cost,
    sum(contracted_cost)::decimal(38, 12) as contracted_cost,
    max(charge_date) as last_charge_date,
    $delivered_at as delivered_at, $loaded_at as loaded_at, true as is_current
from charge_new
where billing_period = $billing_period
group by all
