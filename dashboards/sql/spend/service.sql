-- What each service and team cost so far this month against the same days of the month before: effective, billed, list.
with newest as (
    -- A bill that is a day late has a day less to compare.
    select source, currency, max(charge_date) as date
    from cost_day
    where charge_category = 'Usage' and charge_date < $as_of and charge_date >= $month
    group by all
),
day as (
    select case when charge_date >= $month then 'now' else 'before' end as period, service, currency, effective_cost,
        billed_cost, if(charge_category = 'Usage', list_cost, null) as list_cost -- a purchase is no use
    from cost_day
    left join newest n using (source, currency)
    where charge_category <> 'Tax' and charge_date < $as_of and charge_date >= $month - interval 1 month
        and (charge_date >= $month or extract(day from charge_date) <= extract(day from coalesce(n.date, $as_of - 1)))
),
spent as (
    select service, currency, sum(effective_cost) filter (where period = 'now') as effective_cost,
        sum(billed_cost) filter (where period = 'now') as billed_cost,
        nullif(sum(list_cost) filter (where period = 'now'), 0) as list_cost, -- all at nothing: no list prices are named
        sum(effective_cost) filter (where period = 'before') as before_cost
    from day
    group by all
)
select p.service, s.team, p.currency, p.effective_cost, p.billed_cost, p.list_cost, p.before_cost,
    if(p.before_cost > 0, (p.effective_cost / p.before_cost)::double - 1, null) as change_ratio,
    (p.effective_cost / nullif(sum(p.effective_cost) over (partition by p.currency), 0))::double as share_ratio
from spent p
left join service s using (service)
where p.effective_cost is not null or p.before_cost is not null
qualify row_number() over (partition by p.currency order by abs(p.effective_cost) desc nulls last, p.service) <= 200
order by sum(abs(p.effective_cost)) over (partition by p.currency) desc nulls last, p.currency, abs(p.effective_cost) desc nulls last, p.service
