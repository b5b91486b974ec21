-- The distribution of what each series will cost by period, and how far its backtest missed.
select s.service, s.metric, s.grain as period, s.period_start, s.known, s.mean, s.quantiles, p.origins, p.errors
from forecast_sum s
join forecast_path p on p.made_on = s.made_on and p.service = s.service and p.metric = s.metric and p.grain = 'd'
where s.made_on = $as_of
order by s.service, s.metric, s.grain, s.period_start
