-- What has no owner, and why?
select cause, provider, account, product, currency, effective_cost, last_charge_date
from unallocated_cause
order by effective_cost desc
limit 20
