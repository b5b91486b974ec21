-- Which forecasts missed the target, how far, and against seasonal naive?
select s.service, s.metric, s.grain, s.horizon_days, s.wape, s.bias, m.cause
from forecast_score s
left join forecast_miss m using (made_on, service, metric, grain, horizon_days, origin)
where s.wape > 0.2
order by s.wape desc
limit 20
