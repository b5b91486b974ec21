-- Each calendar month's forecast against what was measured, for a year: the month of cost as one sum where it is
-- settled, else days one by one, so that no series counts twice. A report may be of an older month.
select month, service, metric, grain, origin, made_on, series_class, is_stable, days, is_whole, forecast, actual,
    error_ratio, status, maturity,
    case
        when grain = 'm' then 'its sum'
        when is_whole then 'a day, whole month'
        when days = 1 then 'a day, 1 day known'
        else 'a day, ' || days || ' days known'
    end as compared, is_share(limit_value) as is_share
from forecast_status
left join (select service, metric, limit_value from limit_in_force($as_of)) using (service, metric)
where month >= least($month - interval 11 months, $period) and month <= $month and status is not null
qualify row_number() over (partition by month, service, metric, origin order by grain = 'm' desc) = 1
