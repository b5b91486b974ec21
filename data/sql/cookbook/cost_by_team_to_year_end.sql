-- What does each team cost by month to the end of the fiscal year, actual, then forecast, against its budget?
select team, currency, month, coalesce(forecast, actual) as cost, lo80, hi80, budget,
    coalesce(forecast, actual) / nullif(budget, 0) as budget_ratio, is_final
from team_month
order by team, currency, month
