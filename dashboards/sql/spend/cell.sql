-- Cells of the pivot: this month so far against the same days of the month before, the 5,000 dearest, the rest in one.
with cell as (
    select coalesce(s.team, 'no team') as team, d.service, coalesce(d.account, 'no account') as account,
        coalesce(d.service_category, 'not named') as category, coalesce(d.product, 'not named') as product,
        coalesce(d.region, 'no region') as region, coalesce(d.provider, 'not named') as provider, d.currency,
        sum(d.effective_cost) filter (where d.period = 'now')::double as effective_cost,
        sum(d.billed_cost) filter (where d.period = 'now')::double as billed_cost,
        -- Use that is listed at nothing is a bill that names no list prices.
        nullif(sum(d.list_cost) filter (where d.period = 'now'), 0)::double as list_cost,
        sum(d.effective_cost) filter (where d.period = 'before')::double as before_cost
    from spend_so_far($as_of, $month) d
    left join service s using (service)
    group by all
),
ranked as (
    select *, row_number() over (order by abs(effective_cost) desc nulls last, service, account, product, region) > 5000
        as is_rest
    from cell
),
summed as (
    select if(is_rest, 'the rest', team) as team, if(is_rest, 'the rest', service) as service,
        if(is_rest, 'the rest', account) as account, if(is_rest, 'the rest', category) as category,
        if(is_rest, 'the rest', product) as product, if(is_rest, 'the rest', region) as region,
        if(is_rest, 'the rest', provider) as provider, currency, sum(effective_cost) as effective_cost,
        sum(billed_cost) as billed_cost, sum(list_cost) as list_cost, sum(before_cost) as before_cost
    from ranked
    group by all
)
select team, service, account, category, product, region, provider, currency, effective_cost, billed_cost, list_cost,
    before_cost
from summed
order by sum(effective_cost) over (partition by currency) desc nulls last, currency, abs(effective_cost) desc nulls last,
    service, account, product, region
