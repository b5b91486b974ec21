-- What more or fewer units cost and how likely each number is passed, of the limits where the most money is at stake,
-- then of those that need most.
with stake as (
    select service, metric,
        max(units) filter (where is_advised) / max(units) filter (where is_current) as needs_ratio,
        abs(max(cost_usd_month) filter (where is_advised) - max(cost_usd_month) filter (where is_current)) as usd_month
    from current_capacity_trade
    group by all
),
chosen as (
    select service, metric, row_number() over (order by usd_month desc nulls last, needs_ratio desc nulls last, service, metric) as place
    from stake
)
select t.service, t.metric, t.units, t.cost_usd_month, t.breach_probability_90d, t.is_current, t.is_advised
from current_capacity_trade t
join chosen c using (service, metric)
where c.place <= 8
order by c.place, t.units
