-- Split cost allocation (EKS, ECS): https://docs.aws.amazon.com/cur/latest/userguide/split-line-item-columns.html
-- A line with a parent is a pod's or a task's part of the parent's cost in that hour, and is not billed. What the parts
-- take is taken from the parent, so that parts and what nobody used are the parent to the last digit. Of a parent with
-- several lines in an hour it is the dearest, its instance, that is split. A part whose parent is not in the report has
-- nothing to be taken from, and counts nothing.
with named as (
    select *,
        regexp_extract(split_line_item_parent_resource_id, '[^/]+$') as parent,
        regexp_extract(line_item_resource_id, '[^/]+$') as resource,
        try_cast(coalesce(split_line_item_net_split_cost, split_line_item_split_cost) as decimal(38, 20)) as part
    from cur_found
),
parent as (
    select distinct parent from named where parent is not null
),
related as (
    select n.*, coalesce(n.parent, n.resource) as node,
        sum(part) filter (where n.parent is not null) over node_hour as parts,
        count(*) filter (where n.parent is null) over node_hour as parents,
        row_number() over (
            partition by coalesce(n.parent, n.resource), n.line_item_usage_start_date
            order by n.parent is not null,
                coalesce(
                    try_cast(n.savings_plan_savings_plan_effective_cost as double),
                    try_cast(n.reservation_effective_cost as double),
                    try_cast(n.line_item_unblended_cost as double)
                ) desc nulls last, n.x_line
        ) as position
    from named n
    where n.parent is not null or n.resource in (from parent)
    window node_hour as (partition by coalesce(n.parent, n.resource), n.line_item_usage_start_date)
)
select * exclude (parent, resource, part), null::varchar as split_cost, null::decimal(38, 20) as given_away
from named
where parent is null and (resource is null or resource not in (from parent))
union all by name
select * exclude (parent, resource, part, node, parts, parents, position),
    case when parent is not null then case when parents > 0 then coalesce(part, 0)::varchar else '0' end end as split_cost,
    case when parent is null and position = 1 then parts end as given_away
from related
