-- severity: warn
-- more than a tenth of the last 30 days' cost has no owner: tag it, or name its account in the catalog
with last_month as (
    select currency, service = '(unallocated)' as is_unallocated, sum(effective_cost) as effective_cost
    from cost_service_day
    where date >= $as_of - 30 and date < $as_of and component = 'direct'
    group by all
)
select currency, sum(effective_cost) filter (where is_unallocated) as unallocated, sum(effective_cost) as total
from last_month
group by all
having unallocated > total / 10
