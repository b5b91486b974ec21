-- Daily forecasts up to 28 days ahead by how forecastable the series is, against the company's target.
with series as (
    select service, metric, origin,
        sum(error_total order by horizon_days) / nullif(sum(actual_total order by horizon_days), 0) as wape,
        sum(naive_error_total order by horizon_days) / nullif(sum(naive_actual_total order by horizon_days), 0)
            as wape_naive
    from forecast_series_score
    where grain = 'd' and horizon_days <= 28
    group by all
),
class as (
    select service, metric, series_class
    from forecast_fit
    where grain = 'd' and made_on = (select max(made_on) from forecast_fit)
),
judged as (
    select metric_subject(metric) as subject, series_class, origin,
        count(*) as series,
        count(*) filter (where is_good(wape)) as good, count(*) filter (where is_acceptable(wape)) as acceptable,
        count(*) filter (where is_good(wape)) / count(*) as within_10,
        count(*) filter (where is_acceptable(wape)) / count(*) as within_20,
        median(wape) as wape, median(wape_naive) as wape_naive,
        count(*) filter (where wape < wape_naive) as better, count(wape_naive) as compared
    from series
    join class using (service, metric)
    where wape is not null
    group by all
)
select subject, series_class, origin, series, good, acceptable, within_10, within_20, wape, wape_naive, better, compared,
    better / nullif(compared, 0) as beats_naive
from judged
order by subject desc, series_class <> 'stable', series_class, origin desc
