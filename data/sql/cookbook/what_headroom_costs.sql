-- What does each unit of headroom cost, and what risk does it take away?
select service, metric, units, cost_usd_month, breach_probability_30d, breach_probability_90d, expected_breach_hours,
    is_current, is_advised
from capacity_trade
where as_of = (select max(as_of) from capacity_trade)
order by service, metric, units
