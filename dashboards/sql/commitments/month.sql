-- What the commitments that are owned did, by month of use.
select month, provider, scope, currency, owned_cost, used_cost, unused_cost, utilisation, coverage, saving, discount
from commitment_month
where month >= $month - interval 11 months
order by month desc, provider, scope, currency
