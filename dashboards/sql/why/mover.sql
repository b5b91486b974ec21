-- Whose cost moved most from the month before to the newest month, with the sentence that says why.
with newest as (
    select *
    from unit_cost_change
    where scope = 'service'
    qualify month = max(month) over (partition by currency)
)
select service, currency, month, cost_before, cost_after, cost_after - cost_before as change, price, efficiency, mix,
    volume, restatement, discount, is_running, sentence
from newest
qualify row_number() over (partition by currency order by abs(cost_after - cost_before) desc, service) <= 50
order by sum(abs(cost_after)) over (partition by currency) desc, currency, abs(cost_after - cost_before) desc, service
