-- What each service has cost in the month under way and what the whole of it will, by currency, the dearest first.
select service, currency, month, usage_cost, total_cost, forecast_cost
from month_cost
where month = $month and (usage_cost is not null or total_cost is not null or forecast_cost is not null)
order by service, coalesce(abs(forecast_cost), abs(total_cost)::double) desc nulls last, currency
