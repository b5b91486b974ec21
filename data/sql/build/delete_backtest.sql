-- Backtests are made anew only for series that no earlier night has forecast; the others keep theirs.
delete from forecast as stored
using (
    select distinct service, metric, grain
    from staged_forecast s
    anti join (
        select service, metric, grain from forecast where origin = 'live' and made_on < $as_of
    ) f using (service, metric, grain)
) as made
where stored.origin = 'backtest'
    and stored.service = made.service
    and stored.metric = made.metric
    and stored.grain = made.grain
