-- How many lines of use that cost something have no list price, see azure.sql.
select count(*) as lines
from azure_line
where lower(coalesce(charge_type, 'usage')) = 'usage'
    and try_cast(azure_number(cost) as double) <> 0
    and coalesce(nullif(try_cast(azure_number(list_cost) as double), 0), try_cast(azure_number(list_unit_price) as double), 0) = 0
