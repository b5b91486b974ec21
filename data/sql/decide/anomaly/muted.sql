-- What mutes anomalies of which days: events, acknowledgements.
select service, null as metric, first_day, last_day, 'event ' || name as muted_by from event
union all
select service, metric, first_day, last_day, 'acknowledged: ' || reason from anomaly_ack
order by all
