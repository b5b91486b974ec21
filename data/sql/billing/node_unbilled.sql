-- Nodes that an allocation has and no charge names on a day of theirs, in the months that the bill has.
with missed as (
    select distinct p.node
    from node_part p
    where date_trunc('month', p.date) in (select distinct billing_period from charge_whole)
        and p.node not in (select node from charge_whole where node is not null)
)
select count(*) as nodes, min(node) as example
from missed
having count(*) > 0
