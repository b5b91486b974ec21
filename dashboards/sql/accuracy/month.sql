-- How many forecasts of stable series met the company's target, month by month; cost and load, live and backtest apart.
select month, case when starts_with(metric, 'cost_') then 'cost' else 'load' end as subject, grain, origin,
    bool_and(is_whole) as is_whole, max(days)::integer as days, count(*) as series,
    count(*) filter (where status = 'good') as good,
    count(*) filter (where status = 'acceptable') as acceptable,
    count(*) filter (where status = 'miss') as missed,
    count(*) filter (where status = 'good') / count(*) as within_10,
    count(*) filter (where status <> 'miss') / count(*) as within_20
from month_status
where is_stable and service <> '(total)'
group by all
order by month desc, subject, grain desc, origin desc
limit 40
