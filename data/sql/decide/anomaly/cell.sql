-- Settled cost of use by cell: days since the first of the window, and what each cost and used.
with settled as (
    select currency, date from cost_service_day group by all having bool_and(is_settled)
),
span as (
    select currency, max(date) as last_day, greatest(min(date), max(date) - 203) as first_day
    from settled
    where date < $as_of
    group by all
),
day as (
    select c.service, c.currency, c.provider, c.account, c.product, c.region, c.consumed_unit as usage_type,
        date_diff('day', s.first_day, c.charge_date) as day,
        sum(c.effective_cost)::double as cost, sum(c.list_cost)::double as list_cost,
        sum(c.consumed_quantity order by c.consumed_quantity) as quantity
    from cost_day c
    join span s on s.currency = c.currency and c.charge_date >= s.first_day and c.charge_date <= s.last_day
    where c.charge_category = 'Usage' and c.charge_class is null and c.commitment_status is distinct from 'Unused'
        and c.charge_kind is distinct from 'support'
    group by all
)
select d.service, d.currency, s.first_day, s.last_day, d.provider, d.account, d.product, d.region, d.usage_type,
    list(d.day order by d.day) as day, list(d.cost order by d.day) as cost,
    list(d.list_cost order by d.day) as list_cost, list(d.quantity order by d.day) as quantity
from day d
join span s using (currency)
group by all
order by d.currency, d.service, d.provider, d.account, d.product, d.region, d.usage_type
