delete from utilization_hour as stored
using hour_respelt as respelt
where lower(stored.service) in (select spelt from spelling s where s.service = respelt.service)
    and stored.metric = respelt.metric and stored.hour_utc = respelt.hour_utc and stored.source = respelt.source
