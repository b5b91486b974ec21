-- The month that is reported, by currency, beside the one before: usage, total, and what was forecast of it.
with period as (
    select currency, month, sum(usage_cost) as usage_cost, sum(total_cost) as total_cost
    from month_cost
    where service <> '(total)' and month between $period - interval 1 month and $period
    group by all
)
select p.currency, p.usage_cost, p.total_cost, b.usage_cost as before_cost,
    (p.usage_cost / nullif(b.usage_cost, 0))::double - 1 as change_ratio, f.forecast, f.actual, f.error_ratio, f.made_on,
    f.origin, f.status
from period p
left join period b on b.currency = p.currency and b.month = p.month - interval 1 month
left join month_status f on f.service = '(total)' and f.grain = 'm' and f.month = p.month
    and metric_currency(f.metric) = p.currency
where p.month = $period
qualify row_number() over (partition by p.currency order by f.origin = 'live' desc nulls last) = 1
order by p.usage_cost desc nulls last, p.currency
