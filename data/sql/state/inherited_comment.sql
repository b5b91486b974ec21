-- What each uncommented column of a view inherits: the comment of the column of its name in the table that the view is
-- the newest night of (current_x of x), else in the first table or view that its text names.
with uncommented as (
    select v.view_name, v.sql, c.column_name
    from duckdb_views() v
    join duckdb_columns() c on c.table_name = v.view_name and c.database_name = v.database_name
    where not v.internal and not v.temporary and v.database_name = current_database() and c.comment is null
),
commented as (
    select table_name, column_name, comment
    from duckdb_columns()
    where not internal and database_name = current_database() and comment is not null
),
candidate as (
    select u.view_name, u.column_name, c.comment,
        u.view_name = 'current_' || c.table_name as is_newest_of,
        length(regexp_extract(u.sql, '(?s)^(.*?)\b' || c.table_name || '\b', 1)) as place,
        c.table_name
    from uncommented u
    join commented c using (column_name)
    where c.table_name <> u.view_name and regexp_matches(u.sql, '\b' || c.table_name || '\b')
)
select view_name, column_name, comment
from candidate
qualify row_number() over (
    partition by view_name, column_name order by is_newest_of desc, place, table_name
) = 1
order by view_name, column_name
