-- How many forecasts of stable series met the company's target, month by month; cost and load, live and backtest apart.
with counted as (
    select month, metric_subject(metric) as subject, grain, origin,
        bool_and(is_whole) as is_whole, max(days)::integer as days, count(*) as series,
        count(*) filter (where status = 'good') as good,
        count(*) filter (where status = 'acceptable') as acceptable,
        count(*) filter (where status = 'miss') as missed
    from month_status
    where is_stable and service <> '(total)'
    group by all
)
select month, subject, origin, series, good, acceptable, missed, good / series as within_10,
    (good + acceptable) / series as within_20,
    case
        when grain = 'm' then 'its sum'
        when is_whole then 'a day, whole month'
        when days = 1 then 'a day, 1 day known'
        else 'a day, up to ' || days || ' days known'
    end as compared
from counted
order by month desc, subject, grain desc, origin desc
limit 40
