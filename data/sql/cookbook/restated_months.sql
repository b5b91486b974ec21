-- Which closed months did the vendor change, and by how much?
select source, billing_period, currency, delivered_at, days_after_close, billed_change, effective_change
from restatement
where billed_change is not null and (billed_change <> 0 or effective_change <> 0)
order by abs(effective_change) desc
limit 20
