-- What was said to be likely against what happened: budgets whose period has become final, and limits within 30 days of
-- the night that spoke of them. Probabilities are put together by tenths.
with outcome as (
    select scope, name, period, period_start, currency, spent
    from budget_status
    where is_final
    qualify row_number() over (partition by scope, name, period, period_start, currency order by as_of desc) = 1
),
budget_said as (
    select 'budget' as subject, b.probability_over as probability, (o.spent > b.budget)::integer as happened
    from budget_status b
    join outcome o using (scope, name, period, period_start, currency)
    where not b.is_final and b.probability_over is not null and b.as_of < $as_of
),
day as (
    select u.service, u.metric, u.hour_utc::date as date,
        max(case when m.kind = 'count' then u.value_sum else u.value_max end) as peak
    from utilization_judged u
    left join metric m using (metric)
    where u.flag is null and u.hour_utc < $as_of
    group by all
),
limit_said as (
    select 'limit' as subject, h.probability_30d as probability, max((d.peak > h.limit_value)::integer) as happened
    from headroom h
    join day d
        on d.service = h.service and d.metric = h.metric and d.date >= h.made_on and d.date < h.made_on + 30
    where h.made_on + 30 <= $as_of and h.probability_30d is not null
    group by h.made_on, h.service, h.metric, h.probability_30d, h.limit_value
),
said as (
    select subject, probability, happened, least(floor(probability * 10), 9)::integer as tenth from budget_said
    union all
    select subject, probability, happened, least(floor(probability * 10), 9)::integer from limit_said
)
select $as_of as as_of, subject, tenth / 10 as probability_from, (tenth + 1) / 10 as probability_to,
    count(*)::integer as forecasts, avg(probability order by probability, happened) as probability_mean,
    avg(happened) as happened_ratio,
    avg((probability - happened) ** 2 order by probability, happened) as brier
from said
group by subject, tenth
