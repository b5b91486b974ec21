-- A night that runs again finds its own limits: they are not what was known before it.
delete from capacity_limit as stored
using found_limit as found
where stored.source = $source and stored.valid_from = $as_of
    and stored.service = found.service and stored.metric = found.metric
