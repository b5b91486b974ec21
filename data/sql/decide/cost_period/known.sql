-- What the days before the forecast cost, of the month, quarter and fiscal year that the newest of them is in. Where
-- all history begins within a period its first days are not known, and nothing is said of it.
with known as (
    select a.service, a.metric, a.time_utc, a.value, p.first_time
    from actual a
    join forecast_path_day p using (service, metric)
    where a.grain = 'd' and p.made_on = $as_of and is_cost(a.metric) and a.time_utc < p.first_time
),
reach as (
    select min(time_utc) as first_time, max(time_utc) as last_time from known
),
period as (
    select unnest([
        {'grain': 'm', 'period_start': date_trunc('month', last_time)},
        {'grain': 'q', 'period_start': date_trunc('quarter', last_time)},
        {
            'grain': 'y',
            'period_start': date_trunc('year', last_time - to_months($fiscal_year_starts - 1))
                + to_months($fiscal_year_starts - 1)
        }
    ], recursive := true), first_time
    from reach
)
select k.service, k.metric, p.grain, p.period_start::timestamp as period_start,
    coalesce(sum(k.value order by k.time_utc) filter (where k.time_utc >= p.period_start), 0) as value
from known k
join period p on p.first_time <= p.period_start
group by all
order by all
