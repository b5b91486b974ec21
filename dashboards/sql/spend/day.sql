-- Usage a day by team, the five dearest and the rest, and the forecast of the whole bill, by currency.
with spent as (
    select c.currency, coalesce(s.team, 'no team') as team, c.date, sum(c.effective_cost)::double as cost,
        bool_and(c.is_settled) as is_settled
    from cost_service_day c
    left join service s using (service)
    where is_run_rate(c.component) and c.date < $as_of and c.date >= $as_of - 90
    group by all
),
ranked as (
    select currency, team, row_number() over (partition by currency order by sum(cost) desc, team) as place
    from spent
    group by currency, team
),
part as (
    select s.currency, case when r.place <= 5 then r.place else 6 end as place,
        case when r.place <= 5 then s.team else 'all other teams' end as part, s.date, sum(s.cost) as cost,
        bool_and(s.is_settled) as is_settled
    from spent s
    join ranked r using (currency, team)
    group by all
),
ahead as (
    select metric_currency(metric) as currency, target_time::date as date, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where service = '(total)' and grain = 'd' and is_cost(metric)
        and target_time >= $as_of and target_time < $as_of + 45
)
select currency, place, part, time_utc, cost, is_settled, mean, lo80, hi80, lo95, hi95
from (
    select currency, place, part, date::timestamp as time_utc, cost, is_settled, null::double as mean, null::double as lo80,
        null::double as hi80, null::double as lo95, null::double as hi95
    from part
    union all
    select currency, 0, 'forecast', date::timestamp, null, null, mean, lo80, hi80, lo95, hi95
    from ahead
    where currency in (select currency from part)
)
order by sum(cost) over (partition by currency) desc nulls last, currency, place, time_utc
