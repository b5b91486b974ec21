-- What each service cost, by component, with the cost of shared services split over the others to the last digit.
-- A day is settled where it is as old as the ledger says that days need (see completeness), once every age of the
-- first 5 days was seen 20 times; until then where it is $settle_days older than the newest day its bill charges.
with newest as (
    select source, max(least(last_charge_date, $as_of - 1)) as charge_date
    from billing_load
    where is_current
    group by all
),
seen as (
    select source, age_days, min(days) as days, min(ratio) as ratio
    from completeness
    group by all
),
learnt as (
    select source, coalesce(max(age_days) filter (where ratio < 0.99), 0) + 1 as settle_age
    from seen
    group by all
    having count(*) filter (where age_days between 1 and 5 and days >= 20) = 5
),
delivered as (
    select source, max(delivered_at)::date as delivered_on
    from billing_load
    where is_current
    group by all
),
settled_until as (
    select source, coalesce(d.delivered_on - l.settle_age::integer, n.charge_date - $settle_days::integer) as date
    from newest n
    left join delivered d using (source)
    left join learnt l using (source)
),
own as (
    select c.service, c.charge_date as date, c.currency,
        cost_component(c.charge_category, c.commitment_status, c.charge_kind) as component,
        sum(c.effective_cost)::decimal(38, 20) as effective_cost,
        sum(c.billed_cost)::decimal(38, 20) as billed_cost,
        coalesce(bool_and(c.charge_date <= s.date), false) as is_settled
    from cost_day c
    left join settled_until s using (source)
    group by all
),
pool as (
    -- Tax and credit stay where they are unless the catalog says otherwise.
    select o.service as giver, o.date, o.currency, o.component as given, o.effective_cost, o.billed_cost, o.is_settled,
        coalesce(p.rule, case when o.component not in ('tax', 'credit') then s.shared_rule end) as rule,
        case when s.is_telemetry then 'telemetry' else 'shared' end as component
    from own o
    join service s using (service)
    left join shared_component p using (service, component)
    where s.shared_rule is not null
),
pooled as (
    select distinct giver, date, currency, rule from pool
),
payer as (
    select service from service where shared_rule is null and is_catalogued
),
request_day as (
    -- Of hours on a flat line too: for sharing, a repeated value is nearer to the truth than none.
    select u.service, u.hour_utc::date as date, sum(u.value_sum order by u.hour_utc) as requests
    from utilization_hour u
    join service s on s.service = u.service and s.request_metric = u.metric
    group by all
),
weighed as (
    select p.giver, p.date, p.currency, p.rule, o.service, o.effective_cost::double as weight
    from pooled p
    join own o using (date, currency)
    join payer on payer.service = o.service
    where p.rule = 'proportional' and o.component = 'direct'
    union all
    select p.giver, p.date, p.currency, p.rule, r.service, r.requests
    from pooled p
    join request_day r using (date)
    join payer on payer.service = r.service
    where p.rule = 'requests'
    union all
    select p.giver, p.date, p.currency, p.rule, payer.service, 1
    from pooled p, payer
    where p.rule = 'even'
    union all
    select p.giver, p.date, p.currency, p.rule, f.recipient, f.share::double
    from pooled p
    join shared_share f on f.service = p.giver
    where p.rule = 'fixed'
),
-- Weights as whole numbers that add up to at most 19 digits, of 9 places where there is room for them, and costs as whole
-- last digits: what follows is exact. Costs are divided before they are multiplied, so that nothing grows beyond 38 digits.
rounded as (
    select giver, date, currency, rule, service,
        round(
            weight * pow(10, least(9, 18 - ceil(log10(
                sum(weight order by service) over (partition by giver, date, currency, rule)
            ))))
        )::hugeint as weight
    from weighed
    where weight > 0
),
whole as (
    select *, (sum(weight) over (partition by giver, date, currency, rule))::hugeint as total
    from rounded
    where weight > 0
),
unit as (
    select giver, date, currency, given, rule, component, is_settled, 'effective' as cost,
        replace(effective_cost::varchar, '.', '')::hugeint as units
    from pool
    where effective_cost is not null
    union all
    select giver, date, currency, given, rule, component, is_settled, 'billed', replace(billed_cost::varchar, '.', '')::hugeint
    from pool
),
kind as (
    -- The last digit is the twelfth after the point, unless there are more: what is spread over days has 20.
    select * replace (units // digit as units)
    from (select *, case when units % 100000000 = 0 then 100000000 else 1 end as digit from unit)
),
floored as (
    select k.giver, k.date, k.currency, k.given, k.component, k.is_settled, k.cost, k.units, k.digit, w.service,
        abs(k.units) // w.total * w.weight + abs(k.units) % w.total * w.weight // w.total as share,
        abs(k.units) % w.total * w.weight % w.total as remainder
    from kind k
    join whole w using (giver, date, currency, rule)
),
-- Largest remainder: what whole shares leave goes, one last digit each, to those that were cut by most.
shared as (
    select giver, date, currency, component, is_settled, cost, service,
        sign(units) * digit * (
            share + case
                when row_number() over (given order by remainder desc, service)
                    <= abs(units) - sum(share) over (partition by giver, date, currency, given, cost)
                then 1 else 0
            end
        ) as units
    from floored
    window given as (partition by giver, date, currency, given, cost)
),
moved as (
    select service, date, currency, component, is_settled, cost, units from shared
    union all
    select giver, date, currency, component, is_settled, cost, -units from shared
),
every as (
    select service, date, component, currency, effective_cost, billed_cost, is_settled from own
    union all
    select service, date, component, currency,
        (sum(units) filter (where cost = 'effective'))::decimal(38, 0) * 0.00000000000000000001::decimal(21, 20),
        (sum(units) filter (where cost = 'billed'))::decimal(38, 0) * 0.00000000000000000001::decimal(21, 20),
        bool_and(is_settled)
    from moved
    group by all
)
select service, date, component, currency, effective_cost::decimal(38, 20) as effective_cost,
    billed_cost::decimal(38, 20) as billed_cost, is_settled
from every
