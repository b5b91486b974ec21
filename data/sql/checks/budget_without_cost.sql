-- severity: warn
-- a budget is not held against all that it is for: correct its name (of a tag: a key of [allocation] tag_keys), or give [currency] rates, or bills from its first day on
with wanted as (
    select * from budget where valid_from <= $as_of and coalesce(valid_until > $as_of, true)
),
counted as (
    select scope, name, currency, bill_currency, bool_or(cost is null) as is_lost from budget_billed($as_of) group by all
),
bills as (
    select min(date) as first_day from cost_service_day where date < $as_of
),
unknown as (
    select scope, name, currency, 'no cost is of it' as reason
    from wanted
    anti join counted using (scope, name, currency)
),
unconverted as (
    -- What has a budget in its own currency is held against that one, where this one counts something too.
    select w.scope, w.name, w.currency, c.bill_currency || ' is not converted to ' || w.currency as reason
    from wanted w
    join counted c using (scope, name, currency)
    where c.is_lost
        and not exists (
            select 1 from wanted o
            join counted k on k.scope = o.scope and k.name = o.name and k.currency = w.currency and not k.is_lost
            where o.scope = w.scope and o.name = w.name and o.period = w.period and o.currency = c.bill_currency
        )
),
late as (
    select w.scope, w.name, w.currency, 'bills begin on ' || b.first_day as reason
    from wanted w
    join (
        select period, max(period_start) as period_start
        from budget_period(date_trunc('month', $as_of::date - 1), $fiscal_year_starts)
        where period_start < $as_of
        group by all
    ) p on p.period = w.period and p.period_start >= w.valid_from
    join bills b on p.period_start < b.first_day
)
select distinct scope, name, currency, reason
from (from unknown union all from unconverted union all from late)
where exists (from bills where first_day is not null)
order by all
