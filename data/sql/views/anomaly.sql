-- The newest night's anomalies, worst first.

create view current_anomaly as
select a.*, s.tier, s.team, a.to_utc is null as is_open, a.first_seen = a.as_of as is_new,
    row_number() over (partition by a.unit, a.is_muted order by abs(a.impact) desc, a.service, a.metric, a.from_utc) as rank
from anomaly a
left join service s using (service)
where a.as_of = (select max(as_of) from anomaly);
comment on view current_anomaly is 'The newest night''s anomalies with tier, team, is_open, is_new (first seen by that night) and rank by impact within unit. e.g. select service, metric, kind, from_utc, impact, unit, cause from current_anomaly where not is_muted order by rank limit 20';
comment on column current_anomaly.is_open is 'true where it has not ended';
comment on column current_anomaly.is_new is 'true where the newest night was the first to see it';
comment on column current_anomaly.rank is 'by absolute impact within its unit, 1 the largest';

create view current_anomaly_part as
select *
from anomaly_part
where as_of = (select max(as_of) from anomaly);
comment on view current_anomaly_part is 'The cells behind the newest night''s anomalies of cost. e.g. select service, from_utc, product, region, impact from current_anomaly_part order by abs(impact) desc';
