-- What mutes anomalies of which days: events (what goes their way), breaks that people marked (found ones carry their
-- evidence), acknowledgements. A marked step goes on: for four weeks it is news.
select service, null as metric, first_day, last_day, 'event ' || name as muted_by, true as is_event from event
union all
select distinct service, metric, from_utc::date, coalesce((to_utc - interval 1 microsecond)::date, from_utc::date + 28),
    'break: ' || kind, false
from series_break
where evidence is null
union all
select service, metric, first_day, last_day, 'acknowledged: ' || reason, false from anomaly_ack
order by all
