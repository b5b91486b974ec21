-- The columns of one table or view, with their meaning and unit.
select column_name as column, data_type as type, comment
from duckdb_columns()
where not internal and table_name = $table
order by column_index
