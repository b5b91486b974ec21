-- How many whole months met the target, by tier and by how forecastable the series is.
with judged as (
    select coalesce('tier ' || s.tier, 'no tier') as tier,
        metric_subject(m.metric) as subject,
        coalesce(m.series_class, 'unknown') as series_class, m.origin, m.status
    from month_status m
    left join service s using (service)
    where m.is_whole and m.service <> '(total)'
),
counted as (
    select tier, subject, series_class, origin, count(*) as months,
        count(*) filter (where status = 'good') / count(*) as within_10,
        count(*) filter (where status <> 'miss') / count(*) as within_20
    from judged
    group by all
)
select tier, subject, series_class, origin, months, within_10, within_20
from counted
order by tier, subject, series_class <> 'stable', series_class, origin desc
