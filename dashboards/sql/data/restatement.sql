-- How bills moved after their month was over: the newest first.
select source, billing_period, currency, coalesce(delivered_at, loaded_at) as delivered_at, days_after_close,
    lines_change, billed_change, effective_change, billed_cost
from restatement
where days_after_close >= 0 and (lines_change <> 0 or billed_change <> 0 or effective_change <> 0)
order by delivered_at desc, source, billing_period, currency
limit 50
