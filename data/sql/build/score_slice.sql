-- Spans of names that hold $services services each, of those whose forecasts are to be scored.
with numbered as (
    select service, (row_number() over (order by service) - 1) // $services as slice
    from (select distinct service from forecast_fit)
)
select min(service), max(service)
from numbered
group by slice
order by slice
