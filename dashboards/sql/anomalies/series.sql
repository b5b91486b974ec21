-- What was measured by day around the six largest anomalies that are not muted, beside what was expected a day.
with chosen as (
    select service, metric, from_utc, to_utc, expected, impact, unit, kind,
        greatest(date_diff('day', from_utc, coalesce(to_utc, as_of::timestamp)), 1) as days
    from current_anomaly
    where not is_muted
    qualify row_number() over (order by to_utc is not null, rank, service, metric, from_utc) <= 6
)
select c.service, c.metric, strftime(c.from_utc, '%Y-%m-%d %H:%M') as from_utc, c.kind, a.time_utc, a.value,
    c.from_utc as first_utc, coalesce(c.to_utc, $as_of::timestamp) as last_utc,
    -- Of what adds up, what was measured less the impact: of the whole bill only some services' bills may be meant.
    case
        when coalesce(m.kind, 'gauge') = 'count' or is_cost(c.metric)
        then avg(a.value) filter (
            where a.time_utc >= date_trunc('day', c.from_utc) and a.time_utc < coalesce(c.to_utc, $as_of::timestamp)
        ) over (partition by c.service, c.metric, c.from_utc) - c.impact / c.days
        else c.expected
    end as expected
from chosen c
join actual a on a.service = c.service and a.metric = c.metric and a.grain = 'd'
    and a.time_utc >= c.from_utc - interval 35 days and a.time_utc < coalesce(c.to_utc, $as_of::timestamp) + interval 14 days
left join metric m on m.metric = c.metric
order by c.service, c.metric, c.from_utc, a.time_utc
