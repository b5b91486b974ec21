-- What would have been forecast at earlier origins, for series that no earlier night has forecast: so that there is
-- an accuracy to show from the first night on.
select b.made_on::date as made_on, b.service, b.metric, b.grain, b.target_time, b.mean, b.lo80, b.hi80, b.lo95,
    b.hi95, b.model, 'backtest' as origin
from staged_backtest b
anti join (
    select service, metric, grain from forecast where origin = 'live' and made_on < $as_of
) f on f.service = b.service and f.metric = b.metric and f.grain = b.grain
