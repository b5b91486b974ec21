-- Since when each list price of a month differs from the last one of the month before by more than 1 %.
with day as (
    select currency, product, region, consumed_unit as usage_unit, charge_date,
        sum(list_cost)::double / nullif(sum(consumed_quantity order by charge_date, consumed_quantity), 0) as price
    from cost_day
    where charge_category = 'Usage' and charge_class is null and commitment_status is distinct from 'Unused'
        and charge_date < $as_of
    group by all
),
last_price as (
    select currency, product, region, usage_unit, (date_trunc('month', charge_date) + interval 1 month)::date as month,
        arg_max(price, charge_date) as price
    from day
    where price > 0
    group by all
)
select d.currency, d.product, d.region, d.usage_unit, l.month, min(d.charge_date) as since
from day d
join last_price l
    on l.currency = d.currency and l.product = d.product and l.region is not distinct from d.region
    and l.usage_unit is not distinct from d.usage_unit and l.month = date_trunc('month', d.charge_date)
where abs(d.price / l.price - 1) > 0.01
group by all
order by all
