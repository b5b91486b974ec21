-- What is out of the ordinary, when was it first seen, and what is suspected?
select service, metric, kind, direction, from_utc, to_utc, impact, unit, cause, is_muted, first_seen
from current_anomaly
order by is_muted, rank
limit 20
