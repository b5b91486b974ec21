-- How many parts of nodes (see cur_split.sql) cost something, and their node is not in the report.
with named as (
    select regexp_extract(split_line_item_parent_resource_id, '[^/]+$') as parent,
        regexp_extract(line_item_resource_id, '[^/]+$') as resource,
        try_cast(coalesce(split_line_item_net_split_cost, split_line_item_split_cost) as double) as part
    from cur_found
)
select count(*) as lines
from named
where part <> 0 and parent not in (select resource from named where parent is null and resource is not null)
