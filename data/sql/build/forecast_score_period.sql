-- Forecasts of whole months and quarters of cost against what they cost, by how many days before their end they were
-- made: one each. Seasonal naive is the period before.
with known as (
    from cost_period_actual
    where period_end <= $as_of
),
met as (
    select f.*, k.actual, n.actual as naive, date_diff('day', f.made_on, k.period_end) as lead_days
    from forecast f
    join known k
        on k.service = f.service and k.metric = f.metric and k.grain = f.grain and k.period_start = f.target_time
    left join known n
        on n.service = f.service and n.metric = f.metric and n.grain = f.grain and n.period_end = k.period_start
            and n.period_end <= f.made_on
    where f.grain in ('m', 'q') and f.made_on >= $made_from and f.made_on < $as_of
)
select m.made_on, m.service, m.metric, m.grain, b.horizon_days, m.origin, count(*) as points,
    sum(abs(m.mean - m.actual)) / nullif(sum(abs(m.actual)), 0) as wape,
    sum(abs(m.naive - m.actual)) / nullif(sum(abs(m.actual)) filter (where m.naive is not null), 0) as wape_naive,
    null::double as mase,
    sum(m.mean - m.actual) / nullif(sum(abs(m.actual)), 0) as bias,
    avg(pinball(m.actual, m.lo95, m.lo80, m.mean, m.hi80, m.hi95)) as pinball,
    avg((m.actual >= m.lo80 and m.actual <= m.hi80)::integer) as coverage80,
    avg((m.actual >= m.lo95 and m.actual <= m.hi95)::integer) as coverage95,
    sum(abs(m.actual)) as actual_total,
    null::bigint as left_out
from met m
join horizon_bucket() b on m.lead_days > b.after_days and m.lead_days <= b.horizon_days
group by all
