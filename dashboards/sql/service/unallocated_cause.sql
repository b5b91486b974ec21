-- What has no owner in the last 30 days of bills and why, the dearest first.
select '(unallocated)' as service, cause, source, provider, account, product, charge_category, currency, effective_cost,
    lines, last_charge_date
from unallocated_cause
where '(unallocated)' in (select unnest($services))
order by abs(effective_cost) desc nulls last, source, account, product, charge_category, currency
limit 25
