-- Where load was missing in the half year that the charts show. Hours at which a series is never measured are its habit.
select service, metric, source, from_utc, to_utc, hours, coalesce(cause, 'not known') as cause,
    cause is not distinct from 'never measured at that time of day' as is_habit
from utilization_gap
where from_utc < $as_of and (to_utc is null or to_utc > $as_of - 182)
