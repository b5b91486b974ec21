-- A day is settled where its bill is at least $settle_days older than the newest day that the same bill charges.
with newest as (
    select source, max(charge_date) as charge_date
    from cost_day
    where charge_category = 'Usage' and charge_date < $as_of
    group by all
)
select c.service, c.charge_date as date,
    case c.charge_category when 'Tax' then 'tax' when 'Credit' then 'credit' else 'direct' end as component,
    c.currency,
    sum(c.effective_cost)::decimal(38, 12) as effective_cost,
    sum(c.billed_cost)::decimal(38, 12) as billed_cost,
    coalesce(bool_and(c.charge_date <= n.charge_date - $settle_days), false) as is_settled
from cost_day c
left join newest n using (source)
group by all
