-- What each service and team cost so far this month against the same days of the month before: effective, billed, list.
with spent as (
    select service, currency, sum(effective_cost) filter (where period = 'now') as effective_cost,
        sum(billed_cost) filter (where period = 'now') as billed_cost,
        nullif(sum(list_cost) filter (where period = 'now'), 0) as list_cost, -- all at nothing: no list prices are named
        sum(effective_cost) filter (where period = 'before') as before_cost
    from spend_so_far($as_of, $month)
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
