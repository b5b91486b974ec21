-- Backtests are made anew only for series that no earlier night has forecast; the others keep theirs.
delete from forecast as stored
using (
    select distinct service, metric, grain
    from staged_forecast
    anti join forecast_before using (service, metric, grain)
) as made
where stored.origin = 'backtest'
    and stored.service = made.service
    and stored.metric = made.metric
    and stored.grain = made.grain
