-- The month that is reported, by currency, beside the one before: usage, total, and what was forecast of it.
-- Months differ in length: the change is of a day. A bill may begin within a month.
with bill as (
    select currency, min(date) as first_date from cost_service_day where date < $as_of group by all
),
cost as (
    select currency, month, sum(usage_cost) as usage_cost, sum(total_cost) as total_cost
    from month_cost
    where service <> '(total)' and month between $period - interval 1 month and $period
    group by all
),
period as (
    select c.*, c.usage_cost::double / nullif(
            date_diff('day', greatest(c.month, b.first_date), least((c.month + interval 1 month)::date, $as_of::date)), 0
        ) as day_cost
    from cost c
    left join bill b using (currency)
)
select p.currency, p.usage_cost, p.day_cost, p.total_cost, b.usage_cost as before_cost, b.day_cost as before_day_cost,
    p.day_cost / nullif(b.day_cost, 0) - 1 as change_ratio, f.forecast, f.actual, f.error_ratio, f.made_on,
    f.origin, f.status
from period p
left join period b on b.currency = p.currency and b.month = p.month - interval 1 month
left join month_status f on f.service = '(total)' and f.grain = 'm' and f.month = p.month
    and metric_currency(f.metric) = p.currency
where p.month = $period
qualify row_number() over (partition by p.currency order by f.origin = 'live' desc nulls last) = 1
order by p.usage_cost desc nulls last, p.currency
