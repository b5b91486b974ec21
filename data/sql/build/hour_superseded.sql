-- Load of a source that was removed is history. Where a source of the configuration delivers the same hour, as after a
-- renaming, that one stands.
delete from utilization_hour as stored
using utilization_hour as delivered
where stored.source in (select source from removed_source)
    and delivered.source not in (select source from removed_source)
    and delivered.service = stored.service
    and delivered.metric = stored.metric
    and delivered.hour_utc = stored.hour_utc
