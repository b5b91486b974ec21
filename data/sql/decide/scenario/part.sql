-- What each product and region is of a service's own cost in the last 28 settled days, and what a unit of it costs on the
-- whole bill: a price there is known where anybody uses it.
with line as (
    select c.service, cost_metric(c.currency) as metric, c.product, c.region, c.effective_cost::double as cost,
        c.consumed_quantity
    from cost_day c
    join settled_until($as_of) s using (currency)
    where is_run_rate(cost_component(c.charge_category, c.commitment_status, c.charge_kind))
        and c.charge_date <= s.settled_until and c.charge_date > s.settled_until - 28
),
price as (
    select metric, product, region, sum(cost) / nullif(sum(consumed_quantity), 0) as unit_price
    from line
    where consumed_quantity > 0 and cost > 0
    group by all
),
whole as (
    select service, cost_metric(c.currency) as metric, sum(c.effective_cost)::double as cost
    from cost_service_day c
    join settled_until($as_of) s using (currency)
    where is_run_rate(c.component) and c.date <= s.settled_until and c.date > s.settled_until - 28
    group by all
)
select l.service, l.metric, l.product, l.region, sum(l.cost) / nullif(any_value(w.cost), 0) as share,
    any_value(p.unit_price) as unit_price
from line l
join whole w using (service, metric)
left join price p using (metric, product, region)
where l.service in (select service from scenario_change)
group by all
union all
-- Other regions of the products of these services, for moves to them.
select null, p.metric, p.product, p.region, 0, p.unit_price
from price p
where p.product in (select subject from scenario_change where what = 'move')
order by all
