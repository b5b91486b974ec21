-- How much of a day's cost is on the bill by the day's age, as far as deliveries have shown it.
select source, provider, age_days, days, ratio, ratio_low
from completeness
where age_days <= 10
order by source, provider, age_days
limit 200
