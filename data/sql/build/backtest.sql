-- What would have been forecast at earlier origins, for series that no earlier night has forecast: so that there is
-- an accuracy to show from the first night on.
select made_on::date as made_on, service, metric, grain, target_time, mean, lo80, hi80, lo95, hi95, model,
    'backtest' as origin
from staged_backtest
