-- Why the newest month cost more or less than the one before: the whole bill by currency, as steps of a waterfall.
with newest as (
    select *
    from unit_cost_change
    where scope = 'total'
    qualify row_number() over (partition by currency order by month desc) = 1
)
select currency, month, (month - interval 1 month)::date as month_before, days_before, days_after, is_running, sentence,
    unnest(['before', 'price', 'efficiency', 'mix', 'volume', 'restated', 'discount', 'after']) as step,
    unnest([
        cost_before, price, efficiency, mix, volume, restatement, discount, cost_after
    ])::double as amount
from newest
order by max(abs(cost_after)) over (partition by currency) desc, currency, list_position(['before', 'price', 'efficiency', 'mix', 'volume', 'restated', 'discount', 'after'], step)
