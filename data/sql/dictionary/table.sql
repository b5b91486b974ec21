-- Every table and view with what it holds.
select name, kind, comment
from (
    select table_name as name, 'table' as kind, comment from duckdb_tables() where not internal
    union all
    select view_name, 'view', comment from duckdb_views() where not internal
)
order by name
