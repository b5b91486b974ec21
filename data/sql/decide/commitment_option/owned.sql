-- What is owned by scope: an hour's cost, used or not, on the middle one of the last seven settled days, so that what was
-- bought or ended four days ago is known whole; what was bought since, where it says so; and what was taken off list
-- price in the last four weeks.
with settled as (
    select currency, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
line as (
    select c.provider, c.currency, c.service_category, c.product, c.region, c.commitment_status,
        date_diff('day', c.charge_date, s.last_day) as days_ago, c.effective_cost::double as cost,
        coalesce(c.list_cost, c.contracted_cost)::double as list_cost
    from cost_day c
    join settled s on s.currency = c.currency and c.charge_date <= s.last_day and c.charge_date > s.last_day - 28
    where c.charge_category = 'Usage' and c.commitment_status in ('Used', 'Unused') and c.provider is not null
),
scoped as (
    select provider, currency, 'Compute' as scope, commitment_status, days_ago, cost, list_cost
    from line
    where service_category = 'Compute'
    union all
    select provider, currency, product || ' in ' || coalesce(region, 'no region'), commitment_status, days_ago, cost,
        list_cost
    from line
),
day as (
    select provider, currency, scope, days_ago, sum(cost order by cost) as cost
    from scoped
    where days_ago < 7
    group by all
),
middle as (
    -- A day without a row owned nothing.
    select provider, currency, scope, list_sort(list_resize(list(cost), 7, 0.0))[4] / 24 as owned_hour
    from day
    group by all
),
bought as (
    -- Which product a commitment is of is not known: all of them are of the widest scope.
    select c.provider, c.currency, 'Compute' as scope,
        sum(c.hourly_commitment::double order by c.hourly_commitment) as bought_hour
    from commitment c
    anti join removed_source using (source)
    join settled s on s.currency = c.currency and c.start_utc::date > s.last_day - 3
    where c.start_utc < $as_of and c.provider is not null and c.hourly_commitment is not null
    group by all
),
learnt as (
    select provider, currency, scope,
        1 - sum(cost order by cost) filter (where commitment_status = 'Used')
            / nullif(sum(list_cost order by list_cost) filter (where commitment_status = 'Used'), 0) as discount
    from scoped
    group by all
)
select provider, currency, scope, coalesce(m.owned_hour, 0) + coalesce(b.bought_hour, 0) as owned_hour, l.discount
from learnt l
left join middle m using (provider, currency, scope)
full join bought b using (provider, currency, scope)
order by provider, currency, scope
