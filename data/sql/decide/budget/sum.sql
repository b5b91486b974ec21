-- The distribution of what each series will cost by period, its interval where the period is forecast as a whole, and how
-- far its backtest missed.
select s.service, s.metric, s.grain as period, s.period_start, s.known, s.mean, s.quantiles, f.lo80, f.hi80, p.origins, p.errors
from forecast_sum s
join forecast_path p on p.made_on = s.made_on and p.service = s.service and p.metric = s.metric and p.grain = 'd'
left join forecast f on f.made_on = s.made_on and f.service = s.service and f.metric = s.metric and f.grain = s.grain
    and f.target_time = s.period_start and f.origin = 'live'
where s.made_on = $as_of
order by s.service, s.metric, s.grain, s.period_start
