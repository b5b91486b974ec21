-- What a service uses itself by product, over the last 30 settled days against the 30 before, the dearest first.
with settled as (
    select currency, max(date) as until from cost_service_day where is_settled and date < $as_of group by all
),
spent as (
    select c.service, c.currency, c.product, c.provider,
        sum(c.effective_cost) filter (where c.charge_date > s.until - 30) as recent_cost,
        sum(c.effective_cost) filter (where c.charge_date <= s.until - 30) as before_cost
    from cost_day c
    join settled s using (currency)
    where c.service in (select unnest($services)) and c.charge_category = 'Usage'
        and c.charge_date > s.until - 60 and c.charge_date <= s.until
    group by all
)
select service, coalesce(product, 'not named') as product, provider, currency, recent_cost, before_cost,
    (recent_cost / nullif(before_cost, 0))::double - 1 as change_ratio,
    (recent_cost / nullif(sum(recent_cost) over (partition by service, currency), 0))::double as share_ratio
from spent
where recent_cost is not null
qualify row_number() over (partition by service, currency order by abs(recent_cost) desc, product, provider) <= 12
order by service, currency, abs(recent_cost) desc, product, provider
