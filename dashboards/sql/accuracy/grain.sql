-- The newest night's forecasts as a whole: errors on origins that they were not chosen on.
select grain, count(*) as series, median(wape) as wape, median(wape_naive) as wape_naive,
    avg((wape < wape_naive)::integer) as beats_naive, count(wape_naive) as compared, median(mase) as mase, avg(coverage80) as coverage80,
    avg(coverage95) as coverage95, sum(seconds) as seconds, count(fallback_reason) as fallbacks
from forecast_fit
where made_on = (select max(made_on) from forecast_fit)
group by all
order by grain
