-- How bills moved, how complete a day is, and why cost has no owner.

create view restatement as
select source, billing_period, currency, execution_id, delivered_at, loaded_at,
    date_diff('day', billing_period + interval 1 month, coalesce(delivered_at, loaded_at)) as days_after_close,
    lines, billed_cost, effective_cost,
    lines - lag(lines) over delivery as lines_change,
    billed_cost - lag(billed_cost) over delivery as billed_change,
    effective_cost - lag(effective_cost) over delivery as effective_change,
    is_current
from billing_load
anti join removed_source using (source)
window delivery as (
    partition by source, billing_period, currency order by coalesce(delivered_at, loaded_at), is_current, execution_id
);
comment on view restatement is 'How each bill moved from delivery to delivery: totals, the change since the delivery before (null for the first), days_after_close (below 0 while the month ran)';
comment on column restatement.days_after_close is 'days between the end of the billing period and the delivery; below 0 while it ran';
comment on column restatement.lines_change is 'lines against the delivery before; null for the first';
comment on column restatement.billed_change is 'billed cost against the delivery before, in its currency';
comment on column restatement.effective_change is 'effective cost against the delivery before, in its currency';

create view unallocated_cause as
select source, provider, account, service_category, product, charge_category, currency,
    case
        when account is null then 'no tag that names an owner, and no account'
        else 'no tag that names an owner, and the catalog has no service with the account'
    end as cause,
    sum(effective_cost) as effective_cost, sum(billed_cost) as billed_cost, sum(lines)::bigint as lines,
    max(charge_date) as last_charge_date
from cost_day
where service = '(unallocated)' and charge_date >= (select max(charge_date) from cost_day) - 30
group by all;
comment on view unallocated_cause is 'What has no owner in the last 30 days of bills and why: order by effective_cost desc for the top causes';
comment on column unallocated_cause.cause is 'why no service owns it';
comment on column unallocated_cause.last_charge_date is 'newest day of use, UTC';

-- A day counts as complete where a delivery made 14 days after it or later says what it cost.
create view completeness as
with aged as (
    select d.source, d.provider, d.currency, d.charge_date, d.usage_cost, l.delivered_at,
        date_diff('day', d.charge_date, l.delivered_at::date) as age_days
    from billing_load_day d
    join billing_load l using (source, billing_period, execution_id, currency)
    anti join removed_source using (source)
    where l.delivered_at is not null
),
settled as (
    select source, provider, currency, charge_date, last(usage_cost order by delivered_at) as usage_cost
    from aged
    where age_days >= 14
    group by all
)
select a.source, a.provider, a.age_days, count(*) as days,
    median((a.usage_cost / s.usage_cost)::double) as ratio,
    quantile_cont((a.usage_cost / s.usage_cost)::double, 0.1) as ratio_low
from aged a
join settled s using (source, provider, currency, charge_date)
where a.age_days < 14 and s.usage_cost > 0
group by all;
comment on view completeness is 'How much of a day''s cost of use is on the bill by its age: source, provider, age_days, days (seen at that age), ratio (median), ratio_low (10th percentile); learnt from billing_load_day';
comment on column completeness.age_days is 'days between the day of use and the delivery';
comment on column completeness.days is 'days of use that were seen at that age';
comment on column completeness.ratio is 'median share of the day''s final cost that was on the bill';
comment on column completeness.ratio_low is '10th percentile of the same';
