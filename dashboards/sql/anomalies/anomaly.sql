-- The newest night's anomalies: what is open and not muted first, then the largest within each unit.
with cell as (
    select service, metric, from_utc, owner, provider, account, product, region, usage_type, impact
    from current_anomaly_part
    where place = 1
),
stated as (
    select a.*, concat_ws(' · ', nullif(c.owner, a.service), c.product, c.region, c.account, c.usage_type) as cell,
        case when a.is_muted then 'muted' when a.is_open then 'open' else 'closed' end as state,
        is_share(h.limit_value) as is_share
    from current_anomaly a
    left join cell c using (service, metric, from_utc)
    left join current_headroom h on h.service = a.service and h.metric = a.metric
)
select service, team, metric, kind, direction, state, from_utc, to_utc,
    date_diff('hour', from_utc, coalesce(to_utc, as_of::timestamp)) as hours, expected, actual, impact, unit, score, cause,
    is_share, coalesce(cell, '') as cell, muted_by, first_seen, count(*) over () as anomalies
from stated
order by list_position(['open', 'closed', 'muted'], state), abs(impact) / max(abs(impact)) over (partition by unit) desc,
    service, metric, from_utc
limit 300
