-- Scores of nights whose forecasts are kept no longer: what they were stays. Those of backtests are made anew.
select s.*
from forecast_score s
where s.grain = $grain and s.made_on >= $made_from and s.made_on < $as_of and s.origin = 'live'
    and s.made_on not in (select distinct made_on from forecast where origin = 'live' and grain = $grain)
