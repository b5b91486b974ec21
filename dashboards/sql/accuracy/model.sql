-- Which models the newest night kept, how often each came first, and how the forecasts that it led did.
with fit as (
    select grain, models_kept, wape, wape_naive
    from forecast_fit
    where made_on = (select max(made_on) from forecast_fit)
),
kept as (
    select grain, unnest(models_kept) as model, models_kept[1] as first_model, wape, wape_naive
    from fit
),
series as (
    select grain, count(*) as all_series from fit group by all
),
judged as (
    select grain, model, count(*) as series, count(*) filter (where model = first_model) as leads,
        median(wape) filter (where model = first_model) as wape,
        median(wape_naive) filter (where model = first_model) as wape_naive
    from kept
    group by all
)
select j.grain, j.model, j.model as settings, j.series, s.all_series, j.series / s.all_series as series_ratio, j.leads,
    j.wape, j.wape_naive
from judged j
join series s using (grain)
qualify row_number() over (partition by j.grain order by j.leads desc, j.series desc, j.model) <= 12
order by j.grain, j.leads desc, j.series desc, j.model
