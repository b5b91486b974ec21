-- Charges of nodes split by the parts that an allocation has of their day, to the last digit. What nobody used stays with
-- the node, and so does what it was billed.
with node_day as (
    select node, date, max(after) as after, max(whole) as whole
    from node_part
    group by all
)
select c.* from charge_whole c left join node_day n on n.node = c.node and n.date = c.charge_date
where n.node is null
union all by name
select c.* replace (
        'split_unused' as charge_kind,
        spread_cost(c.effective_cost, n.after, n.whole, n.whole)::decimal(38, 20) as effective_cost,
        spread_cost(c.list_cost, n.after, n.whole, n.whole)::decimal(38, 20) as list_cost,
        spread_cost(c.contracted_cost, n.after, n.whole, n.whole)::decimal(38, 20) as contracted_cost,
        c.consumed_quantity * ((n.whole - n.after)::double / n.whole::double) as consumed_quantity
    )
from charge_whole c
join node_day n on n.node = c.node and n.date = c.charge_date
union all by name
select c.* replace (
        p.owner_tag_key as owner_tag_key,
        p.owner_tag as owner_tag,
        coalesce(p.environment, c.environment) as environment,
        null::integer as rule_position,
        0::decimal(38, 20) as billed_cost,
        spread_cost(c.effective_cost, p.before, p.after, p.whole)::decimal(38, 20) as effective_cost,
        spread_cost(c.list_cost, p.before, p.after, p.whole)::decimal(38, 20) as list_cost,
        spread_cost(c.contracted_cost, p.before, p.after, p.whole)::decimal(38, 20) as contracted_cost,
        c.consumed_quantity * ((p.after - p.before)::double / p.whole::double) as consumed_quantity,
        0::bigint as lines,
        0::bigint as lines_without_invoice,
        null::decimal(38, 20) as unspread_cost,
        false as has_unspread
    )
from charge_whole c
join node_part p on p.node = c.node and p.date = c.charge_date
