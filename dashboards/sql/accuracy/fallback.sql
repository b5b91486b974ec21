-- Why seasonal naive stood in.
select fallback_reason, grain, count(*) as series, min(service) as example_service, arg_min(metric, service) as example_metric
from forecast_fit
where made_on = (select max(made_on) from forecast_fit) and fallback_reason is not null
group by all
order by series desc, fallback_reason, grain
limit 50
