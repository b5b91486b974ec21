-- Samples under the names that the catalog gives their services.
create or replace temp macro named(relation) as table (
    select * replace (coalesce(respelt.service, r.service) as service)
    from query_table(relation) r
    left join respelt on respelt.found = r.service
)
