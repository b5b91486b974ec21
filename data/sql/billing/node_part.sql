-- Who has which part of each node's day, from an allocation of OpenCost: `whole` is all that the node costs there, idle
-- included, in billionths; each part goes from `before` to `after`, so that parts and what is left add up to a charge to
-- its last digit (see spread_cost). Network, volumes and load balancers are not the node's. Idle cost that is of the
-- cluster and of no node lies on its nodes in proportion to what their pods cost.
with named as (
    -- A cluster with a name such as __idle__ is none.
    select * replace (coalesce(case when not starts_with(cluster, '__') then cluster end, $cluster) as cluster),
        list_contains([namespace, controller, pod, container], '__idle__') or contains(name, '__idle__') as is_idle
    from allocation_line
),
line as (
    select (try_cast(window_start as timestamptz) at time zone 'UTC')::date as date, cluster,
        coalesce(kube_node(provider_id), lower(cluster)) as node,
        provider_id is not null as has_node,
        coalesce(is_idle, false) as is_idle,
        owner_tag_key, owner_tag, environment,
        greatest(
            round(
                1e9 * (
                    coalesce(try_cast(cpu as double), 0) + coalesce(try_cast(cpu_adjustment as double), 0)
                    + coalesce(try_cast(ram as double), 0) + coalesce(try_cast(ram_adjustment as double), 0)
                    + coalesce(try_cast(gpu as double), 0) + coalesce(try_cast(gpu_adjustment as double), 0)
                )
            ), 0
        )::hugeint as units
    from named
),
part as (
    select node, min(cluster) as cluster, date, owner_tag_key, owner_tag, environment, sum(units)::hugeint as units
    from line
    where not is_idle and node is not null
    group by all
    having sum(units) > 0
),
used as (
    select node, min(cluster) as cluster, date, sum(units)::hugeint as units
    from part
    group by all
),
idle as (
    select node, date, sum(units)::hugeint as units
    from line
    where is_idle and has_node
    group by all
),
cluster_idle as (
    select cluster, date, sum(units)::hugeint as units
    from line
    where is_idle and not has_node
    group by all
),
shared_idle as (
    select u.node, u.date, sum(c.units * u.units // t.units)::hugeint as units
    from used u
    join cluster_idle c on c.date = u.date and coalesce(c.cluster, u.cluster, '') = coalesce(u.cluster, '')
    join (
        select c.cluster, c.date, sum(u.units)::hugeint as units
        from cluster_idle c
        join used u on c.date = u.date and coalesce(c.cluster, u.cluster, '') = coalesce(u.cluster, '')
        group by all
    ) t on t.date = c.date and t.cluster is not distinct from c.cluster
    group by all
),
whole as (
    select u.node, u.date, (u.units + coalesce(i.units, 0) + coalesce(s.units, 0))::hugeint as units
    from used u
    left join idle i using (node, date)
    left join shared_idle s using (node, date)
),
placed as (
    select p.node, p.date, p.owner_tag_key, p.owner_tag, p.environment, p.units, w.units as whole,
        sum(p.units) over (
            partition by p.node, p.date
            order by p.owner_tag_key nulls first, p.owner_tag nulls first, p.environment nulls first
            rows between unbounded preceding and current row
        )::hugeint as after
    from part p
    join whole w using (node, date)
)
select node, date, owner_tag_key, owner_tag, environment, after - units as before, after, whole
from placed
