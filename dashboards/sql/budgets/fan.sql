-- The month under way of the budgets likeliest to be passed, at most six: what is settled of it added up day by day, what is
-- forecast of the rest, and the days' share of the 80 % interval that budget_status has for the end of the month. Errors
-- of days run together as their forecast's do: rho(far) + (1 - rho(far)) * phi ^ days apart.
with judged as (
    select scope, name, currency, budget::double as budget, spent, forecast, lo80, hi80, probability_over, passed_on,
        row_number() over (
            order by round(probability_over, 1) desc, list_position(['total', 'team', 'account', 'tag', 'service'], scope),
                forecast / nullif(budget::double, 0) desc, name, currency
        ) as place
    from budget_status
    where as_of = (select max(as_of) from budget_status) and period = 'm' and period_start = $month and not is_final
        and forecast is not null
    qualify place <= 6
),
path as (
    select m.scope, m.name, m.currency, m.weight, p.service, p.metric, p.first_time::date as first_day, p.mean, p.lo80, p.hi80,
        least(greatest(p.long_correlation, 0), 0.99) as far, p.short_correlation as near
    from budget_member($as_of) m
    join judged using (scope, name, currency)
    join forecast_path_day p on p.made_on = $as_of and p.service = m.service and p.metric = m.metric
),
ahead as (
    select scope, name, currency, first_day + day.number::integer as date,
        sum(weight * mean[day.number + 1] order by service, metric) as cost,
        sum(weight * (hi80[day.number + 1] - lo80[day.number + 1]) order by service, metric) as width,
        avg(far order by service, metric) as far,
        avg(least(greatest((near - far) / (1 - far), 0), 1) order by service, metric) as phi
    from path, (select unnest(range(0, 45)) as number) as day
    where day.number < len(mean) and first_day + day.number::integer >= $month
        and first_day + day.number::integer < $month + interval 1 month
    group by all
),
until as (
    -- Each day of the rest with those before it: how wide their sum is.
    select a.scope, a.name, a.currency, a.date,
        sqrt(sum(b.width * c.width * if(b.date = c.date, 1, a.far + (1 - a.far) * a.phi ** abs(b.date - c.date))
            order by b.date, c.date)) as spread
    from ahead a
    join ahead b using (scope, name, currency)
    join ahead c using (scope, name, currency)
    where b.date <= a.date and c.date <= a.date
    group by all
),
share as (
    select scope, name, currency, date,
        sum(a.cost) over running / nullif(sum(a.cost) over whole, 0) as of_cost,
        u.spread / nullif(max(u.spread) over whole, 0) as of_spread
    from ahead a
    join until u using (scope, name, currency, date)
    window whole as (partition by scope, name, currency), running as (partition by scope, name, currency order by date)
),
first_ahead as (
    select scope, name, currency, min(date) as date from ahead group by all
),
settled_day as (
    select scope, name, currency, c.date, sum(c.cost order by c.bill_currency) as cost
    from budget_cost($as_of) c
    join judged using (scope, name, currency)
    join first_ahead f using (scope, name, currency)
    where c.date >= $month and c.date < f.date and c.is_settled
    group by all
),
settled as (
    select scope, name, currency, date, sum(cost) over (partition by scope, name, currency order by date) as cost from settled_day
),
every as (
    select scope, name, currency, date, cost::double as value, null::double as of_cost, null::double as of_spread from settled
    union all
    select scope, name, currency, date, null, of_cost, of_spread from share
)
select j.scope, j.name, j.currency, e.date::timestamp as time_utc, e.value,
    j.spent + (j.forecast - j.spent) * e.of_cost as mean,
    j.spent + (j.forecast - j.spent) * e.of_cost - (j.forecast - j.lo80) * e.of_spread as lo80,
    j.spent + (j.forecast - j.spent) * e.of_cost + (j.hi80 - j.forecast) * e.of_spread as hi80,
    j.budget, j.probability_over, j.passed_on
from every e
join judged j using (scope, name, currency)
order by j.place, e.date
