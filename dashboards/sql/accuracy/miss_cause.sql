-- Why forecasts of stable series were more than 20 % off over the last 120 nights, the most frequent cause first.
select case when cause = 'unknown' then 'not known' else cause end as cause, origin, count(*) as misses, count(distinct (service, metric)) as series, median(wape) as wape,
    median(bias) as bias
from forecast_miss
where made_on >= $as_of - 120
group by all
order by origin desc, misses desc, cause
