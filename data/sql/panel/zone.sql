-- The zone whose days are meant: none where every sample is of a whole day already, which is then taken as written.
select case when bool_and(stamp = date_trunc('day', stamp)) then 'UTC' else $zone end as zone
from classified('raw_sample')
where reason is null
