-- Bills that moved after their month was over, of the months that are compared here.
select source, billing_period, currency, coalesce(delivered_at, loaded_at) as delivered_at, days_after_close,
    effective_change
from restatement
where days_after_close >= 0 and effective_change <> 0 and billing_period >= $month - interval 2 months
order by delivered_at desc, source, billing_period, currency
limit 20
