-- Daily forecasts up to 28 days ahead by how forecastable the series is, against the company's target.
with series as (
    select service, metric, origin,
        sum(wape * points) / nullif(sum(points) filter (where wape is not null), 0) as wape,
        sum(wape_naive * points) / nullif(sum(points) filter (where wape_naive is not null), 0) as wape_naive
    from forecast_score
    where grain = 'd' and horizon_days <= 28 and made_on >= $as_of - 120
    group by all
),
class as (
    select service, metric, series_class
    from forecast_fit
    where grain = 'd' and made_on = (select max(made_on) from forecast_fit)
),
judged as (
    select series_class, origin, count(*) as series,
        avg((wape <= 0.1)::integer) as within_10, avg((wape <= 0.2)::integer) as within_20,
        median(wape) as wape, median(wape_naive) as wape_naive,
        avg((wape < wape_naive)::integer) as beats_naive
    from series
    join class using (service, metric)
    where wape is not null
    group by all
)
select series_class, origin, series, within_10, within_20, wape, wape_naive, beats_naive
from judged
order by series_class <> 'stable', series_class, origin desc
