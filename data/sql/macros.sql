-- One definition of each term that more than one query needs. Made anew by every night and copied with the tables, so
-- that planners' queries may use them too.

-- A series is a metric of a service; cost is a metric too, one a currency.
create or replace macro cost_metric(currency) as 'cost_' || lower(currency);
create or replace macro is_cost(metric) as starts_with(metric, 'cost_');
create or replace macro metric_currency(metric) as case when starts_with(metric, 'cost_') then upper(substr(metric, 6)) end;
create or replace macro metric_subject(metric) as case when starts_with(metric, 'cost_') then 'cost' else 'load' end;

-- Run-rate is what use costs every day: what is charged once or follows the total is not forecast with it.
create or replace macro cost_component(charge_category, commitment_status, charge_kind) as case
    when charge_category = 'Tax' then 'tax'
    when charge_category = 'Credit' then 'credit'
    when commitment_status = 'Unused' then 'commitment_unused'
    when charge_kind in ('support', 'split_unused') then charge_kind
    else 'direct'
end;
create or replace macro is_run_rate(component) as component not in ('tax', 'credit', 'support');

-- Days ahead that accuracy is told by: each bucket ends with horizon_days and starts after after_days.
create or replace macro horizon_bucket() as table
select horizon_days, coalesce(lag(horizon_days) over (order by horizon_days), 0) as after_days
from (select unnest([1, 7, 14, 28, 60, 90]) as horizon_days);

-- The day by which to order, as the advice words it: the last safe day where that is over, else what comes first.
create or replace macro order_day(level, act_by, add_by) as if(level = 'late', act_by, least(act_by, add_by));

-- A limit that is a share of a whole: 0.8 of a processor is 80 %.
create or replace macro is_share(limit_value) as coalesce(limit_value > 0 and limit_value <= 1, false);

-- The company's target: forecasts of stable series within 10 % are good, within 20 % acceptable.
create or replace macro is_good(error_ratio) as abs(error_ratio) <= 0.1;
create or replace macro is_acceptable(error_ratio) as abs(error_ratio) <= 0.2;
create or replace macro target_status(error_ratio) as case
    when abs(error_ratio) <= 0.1 then 'good'
    when abs(error_ratio) <= 0.2 then 'acceptable'
    when error_ratio is not null then 'miss'
end;

-- Until when the bills of a currency are settled, as known at a moment, and the newest day that they charge.
create or replace macro settled_until(known_until) as table
select currency, max(date) filter (where is_settled) as settled_until, max(date) as newest_date
from cost_service_day
where date < known_until
group by currency;

-- The limit in force on a day: the newest that holds by then.
create or replace macro limit_in_force(on_day) as table
select service, metric, last(limit_value order by valid_from) as limit_value,
    last(lead_time_days order by valid_from) as lead_time_days,
    last(units order by valid_from) as units,
    last(unit_cost_usd_month order by valid_from) as unit_cost_usd_month,
    max(valid_from) as valid_from
from capacity_limit
where valid_from <= on_day
group by service, metric;

-- What a budget is called beside its name; the currency where there is one in another too.
create or replace macro budget_subject(scope, period, period_start, currencies, currency) as
    scope || ' ' || period || ' ' || period_start || if(currencies > 1, ' ' || currency, '');

-- The periods that budgets are looked at in: the one that a month is in, the one before and the one after.
create or replace macro budget_period(in_month, year_starts) as table
with current_period as (
    select 'm' as period, date_trunc('month', in_month)::date as period_start, 1 as months
    union all
    select 'q', date_trunc('quarter', in_month)::date, 3
    union all
    select 'y', (date_trunc('year', in_month - to_months(year_starts - 1)) + to_months(year_starts - 1))::date, 12
)
select period, (period_start + to_months(months * step))::date as period_start
from current_period, (select unnest([-1, 0, 1]) as step);

-- What each budget's scope was billed by day, in the budget's currency: null where the configuration's rates do not
-- convert it. Services and teams pay their part of what is shared, accounts and tags what they are charged.
create or replace macro budget_billed(known_until) as table
with of_service as (
    select service, currency, date, effective_cost, is_settled
    from cost_service_day
    where is_run_rate(component) and date < known_until
),
settled as (
    select currency, settled_until from settled_until(known_until)
),
line as (
    select 'service' as scope, service as name, currency, date, effective_cost, is_settled from of_service
    union all
    select 'team', s.team, c.currency, c.date, c.effective_cost, c.is_settled
    from of_service c
    join service s using (service)
    where s.team is not null
    union all
    select 'total', '(total)', currency, date, effective_cost, is_settled from of_service
    union all
    select 'account', c.account, c.currency, c.charge_date, c.effective_cost, c.charge_date <= s.settled_until
    from cost_day c
    left join settled s using (currency)
    where is_run_rate(cost_component(c.charge_category, c.commitment_status, c.charge_kind)) and c.charge_date < known_until
    union all
    select 'tag', c.owner_tag_key || '=' || c.owner_tag, c.currency, c.charge_date, c.effective_cost,
        c.charge_date <= s.settled_until
    from charge_day c
    anti join (select source from source where not is_configured) using (source)
    left join settled s using (currency)
    where is_run_rate(cost_component(c.charge_category, c.commitment_status, c.charge_kind)) and c.charge_date < known_until
),
wanted as (
    select distinct scope, name, currency from budget
),
day as (
    select w.scope, w.name, w.currency, l.currency as bill_currency, l.date, coalesce(l.is_settled, false) as is_settled,
        sum(l.effective_cost) as cost
    from wanted w
    join line l on l.scope = w.scope and lower(l.name) = lower(w.name)
    group by all
)
select d.scope, d.name, d.currency, d.bill_currency, d.date, d.is_settled,
    d.cost::double * case when d.bill_currency = d.currency then 1 else r.rate end as cost
from day d
asof left join exchange_rate r
    on r.from_currency = d.bill_currency and r.to_currency = d.currency and r.date <= d.date;

-- Of that, what counts.
create or replace macro budget_cost(known_until) as table
from budget_billed(known_until) where cost is not null;

-- The series that a budget's cost is forecast from. A service, a team and the whole bill are forecast themselves; an
-- account or a tag is the part that it had of each of its services in the last 28 settled days, and of the whole bill
-- where a service's cost is shared with others.
create or replace macro budget_member(known_until) as table
with wanted as (
    select distinct scope, name, currency from budget
),
rate as (
    select from_currency as bill_currency, to_currency as currency, last(rate order by date) as rate
    from exchange_rate
    where date <= known_until
    group by all
),
series as (
    select distinct service, metric, metric_currency(metric) as bill_currency
    from forecast_path
    where made_on = known_until and is_cost(metric)
),
spelling as (
    select lower(service) as spelt, service from service
    union
    select lower(alias), service from (select service, unnest(aliases) as alias from service)
),
recent_service as (
    select c.service, c.currency, sum(c.effective_cost)::double as cost
    from cost_service_day c
    join settled_until(known_until) s using (currency)
    where is_run_rate(c.component) and c.date <= s.settled_until and c.date > s.settled_until - 28
    group by all
),
recent_total as (
    select currency, sum(cost order by service) as cost from recent_service group by all
),
charged as (
    select 'account' as scope, c.account as name, c.service, c.currency, c.charge_date as date, c.effective_cost,
        cost_component(c.charge_category, c.commitment_status, c.charge_kind) as component
    from cost_day c
    union all
    select 'tag', c.owner_tag_key || '=' || c.owner_tag, coalesce(s.service, c.owner_tag), c.currency, c.charge_date,
        c.effective_cost, cost_component(c.charge_category, c.commitment_status, c.charge_kind)
    from charge_day c
    anti join (select source from source where not is_configured) using (source)
    left join spelling s on s.spelt = lower(c.owner_tag)
),
recent_part as (
    select w.scope, w.name, w.currency, c.service, c.currency as bill_currency, sum(c.effective_cost)::double as cost
    from wanted w
    join charged c on c.scope = w.scope and lower(c.name) = lower(w.name)
    join settled_until(known_until) s on s.currency = c.currency
    where is_run_rate(c.component) and c.date <= s.settled_until and c.date > s.settled_until - 28
    group by all
),
part as (
    -- A service that gives its cost to others costs nearly nothing itself: its part follows the whole bill.
    select p.scope, p.name, p.currency, p.bill_currency,
        case when r.cost >= p.cost / 2 then p.service else '(total)' end as service,
        case when r.cost >= p.cost / 2 then p.cost / r.cost else p.cost / nullif(t.cost, 0) end as weight
    from recent_part p
    left join recent_service r on r.service = p.service and r.currency = p.bill_currency
    left join recent_total t on t.currency = p.bill_currency
),
member as (
    select w.scope, w.name, w.currency, s.service, s.metric, s.bill_currency, 1.0 as weight
    from wanted w
    join series s on s.service = w.name
    where w.scope in ('service', 'total')
    union all
    select w.scope, w.name, w.currency, s.service, s.metric, s.bill_currency, 1.0
    from wanted w
    join service v on v.team = w.name
    join series s on s.service = v.service
    where w.scope = 'team'
    union all
    select p.scope, p.name, p.currency, s.service, s.metric, p.bill_currency, sum(p.weight order by p.weight)
    from part p
    join series s on s.service = p.service and s.bill_currency = p.bill_currency
    group by all
)
select m.scope, m.name, m.currency, m.service, m.metric,
    m.weight * case when m.bill_currency = m.currency then 1 else r.rate end as weight
from member m
left join rate r using (bill_currency, currency)
where m.bill_currency = m.currency or r.rate is not null;

-- Cost of a month so far (`period` is now) and of the same days of the month before (before), without tax: what is to be
-- compared. A bill that is a day late has a day less to compare.
create or replace macro spend_so_far(known_until, in_month) as table
with newest as (
    select source, currency, max(charge_date) as date
    from cost_day
    where charge_category = 'Usage' and charge_date < known_until and charge_date >= in_month
    group by all
)
select case when charge_date >= in_month then 'now' else 'before' end as period, service, account, service_category,
    product, region, provider, currency, effective_cost, billed_cost,
    if(charge_category = 'Usage', list_cost, null) as list_cost -- what a commitment is bought for is no use
from cost_day
left join newest n using (source, currency)
where charge_category <> 'Tax' and charge_date < known_until and charge_date >= in_month - interval 1 month
    and (charge_date >= in_month or extract(day from charge_date) <= extract(day from coalesce(n.date, known_until - 1)));

-- Mean quantile loss of an interval forecast over 2.5, 10, 50, 90, 97.5 %.
create or replace macro pinball(actual, lo95, lo80, mean, hi80, hi95) as (
    greatest(0.025 * (actual - lo95), 0.975 * (lo95 - actual))
    + greatest(0.1 * (actual - lo80), 0.9 * (lo80 - actual))
    + greatest(0.5 * (actual - mean), 0.5 * (mean - actual))
    + greatest(0.9 * (actual - hi80), 0.1 * (hi80 - actual))
    + greatest(0.975 * (actual - hi95), 0.025 * (hi95 - actual))
) / 5;
