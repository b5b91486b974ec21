-- Why a team's newest month cost more or less than the one before: the team, then each of its services.
with mine as (
    select case c.scope when 'team' then c.service else s.team end as team,
        case c.scope when 'team' then 'all services' else c.service end as service, c.scope, c.currency, c.month,
        c.cost_before, c.cost_after, c.price, c.efficiency, c.mix, c.volume, c.restatement, c.discount, c.sentence
    from unit_cost_change c
    left join service s on c.scope = 'service' and s.service = c.service
    where c.scope in ('team', 'service')
)
select team, service, currency, month, cost_before, cost_after, cost_after - cost_before as change, price, efficiency, mix,
    volume, restatement, discount, sentence
from mine
where team in (select unnest($teams))
qualify month = max(month) over (partition by team, currency)
order by team, currency, scope <> 'team', abs(cost_after - cost_before) desc, service
