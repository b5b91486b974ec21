-- The names in what was read that the catalog spells otherwise.
select d.service as found, s.service
from (select distinct service from query_table('raw_sample')) d
join spelling s on s.spelt = lower(d.service) and s.service <> d.service
