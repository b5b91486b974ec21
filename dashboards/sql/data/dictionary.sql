-- Every table and view that planners may read, with what it says of itself.
select table_name as name, 'table' as kind, comment
from duckdb_tables()
where not internal and not temporary and table_name <> 'schema_version'
union all
select view_name, 'view', comment
from duckdb_views()
where not internal and not temporary
order by kind, name
