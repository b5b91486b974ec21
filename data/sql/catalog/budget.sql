-- Budgets of the configuration, and those of the catalog that it does not speak of; of two for the same the later one.
with declared as (
    select scope::varchar as scope, name::varchar as name, period::varchar as period, currency::varchar as currency,
        amount::decimal(38, 12) as amount, valid_from::date as valid_from, valid_until::date as valid_until,
        row_number() over () as place
    from wanted_budget
),
newest as (
    select scope, name, period, currency, amount, coalesce(valid_from, date '0001-01-01') as valid_from, valid_until
    from declared
    qualify row_number() over (partition by scope, name, period, currency, valid_from order by place desc) = 1
)
select scope, name, period, currency, amount, valid_from, valid_until from newest
union all
select 'service', service, 'm', 'USD', budget_usd_month, date '0001-01-01', null
from service s
where budget_usd_month is not null
    and not exists (
        select 1 from newest n where n.scope = 'service' and n.name = s.service and n.period = 'm' and n.currency = 'USD'
    )
