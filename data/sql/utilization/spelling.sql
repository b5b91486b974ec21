-- Every spelling of a service of the catalog: its name in any case, and its aliases. As for tags of bills, see
-- build/cost_day.sql.
create or replace temp table spelling as
select lower(service) as spelt, service from service where is_catalogued
union
select lower(alias), service
from (select service, unnest(aliases) as alias from service where is_catalogued)
