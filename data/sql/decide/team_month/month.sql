-- Every month of the fiscal year that the newest known day is in, by team: what it cost so far and what may be spent.
with bounds as (
    select (date_trunc('year', $month - to_months($fiscal_year_starts - 1)) + to_months($fiscal_year_starts - 1))::date
        as year_start
),
month as (
    select (b.year_start + to_months(n.number::integer))::date as month
    from bounds b, (select unnest(range(0, 12)) as number) n
),
cost as (
    select case when c.service = '(unallocated)' then '(unallocated)' else coalesce(s.team, '(no team)') end as team,
        c.currency, date_trunc('month', c.date)::date as month, sum(c.effective_cost) as actual,
        bool_and(c.is_settled) as is_settled, max(c.date) as last_date
    from cost_service_day c
    left join service s using (service)
    where is_run_rate(c.component) and c.date < $as_of
    group by all
),
team as (
    select distinct team, currency from cost
),
of_service as (
    select s.team, b.currency, b.valid_from, b.valid_until, sum(b.amount) as amount
    from budget b
    join service s on s.service = b.name
    where b.scope = 'service' and b.period = 'm' and s.team is not null
    group by all
),
budgeted as (
    -- A budget of the team itself counts; else those of its services together.
    select t.team, t.currency, m.month,
        coalesce(
            (select sum(b.amount) from budget b
                where b.scope = 'team' and b.period = 'm' and b.name = t.team and b.currency = t.currency
                    and m.month >= b.valid_from and (b.valid_until is null or m.month < b.valid_until)),
            (select sum(o.amount) from of_service o
                where o.team = t.team and o.currency = t.currency and m.month >= o.valid_from
                    and (o.valid_until is null or m.month < o.valid_until))
        ) as budget
    from team t, month m
)
-- Money is handed on as text: as floats it would not be exact.
select b.team, b.currency, b.month as period_start, c.actual::varchar as actual, b.budget::varchar as budget,
    coalesce(c.is_settled and c.last_date = last_day(b.month), false) as is_final
from budgeted b
left join cost c on c.team = b.team and c.currency = b.currency and c.month = b.month
order by b.team, b.currency, b.month
