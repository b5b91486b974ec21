-- What the six anomalies to look at first stood out from: measured, expected, and from where on it alerts.
with chosen as (
    select service, metric, from_utc, to_utc, kind
    from current_anomaly
    semi join anomaly_band using (service, metric, from_utc)
    where not is_muted
    qualify row_number() over (order by to_utc is not null, rank, service, metric, from_utc) <= 6
)
select c.service, c.metric, strftime(c.from_utc, '%Y-%m-%d %H:%M') as from_utc, coalesce(b.part, '') as part, c.kind,
    is_share(h.limit_value) as is_share, b.time_utc, b.actual as value, b.expected, b.lo, b.hi,
    c.from_utc as first_utc, coalesce(c.to_utc, $as_of::timestamp) as last_utc
from chosen c
join anomaly_band b using (service, metric, from_utc)
left join current_headroom h on h.service = c.service and h.metric = c.metric
order by c.service, c.metric, c.from_utc, b.time_utc
