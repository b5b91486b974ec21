-- What is owned by scope, in the last four settled weeks: an hour's cost, used or not, and what it took off list price.
with settled as (
    select currency, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
line as (
    select c.provider, c.currency, c.service_category, c.product, c.region, c.commitment_status,
        c.effective_cost::double as cost, coalesce(c.list_cost, c.contracted_cost)::double as list_cost
    from cost_day c
    join settled s on s.currency = c.currency and c.charge_date <= s.last_day and c.charge_date > s.last_day - 28
    where c.charge_category = 'Usage' and c.commitment_status in ('Used', 'Unused') and c.provider is not null
),
scoped as (
    select provider, currency, 'Compute' as scope, commitment_status, cost, list_cost
    from line
    where service_category = 'Compute'
    union all
    select provider, currency, product || ' in ' || coalesce(region, 'no region'), commitment_status, cost, list_cost
    from line
)
select provider, currency, scope, sum(cost order by cost) / (28 * 24) as owned_hour,
    1 - sum(cost order by cost) filter (where commitment_status = 'Used')
        / nullif(sum(list_cost order by list_cost) filter (where commitment_status = 'Used'), 0) as discount
from scoped
group by all
order by provider, currency, scope
