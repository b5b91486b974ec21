-- What a team's services cost in the last whole month, by component: the statement that a team is shown.
select s.team, c.service, c.currency, date_trunc('month', c.date)::date as month,
    sum(c.effective_cost) filter (where c.component = 'direct') as direct_cost,
    sum(c.effective_cost) filter (where c.component = 'shared') as shared_cost,
    sum(c.effective_cost) filter (where c.component = 'telemetry') as telemetry_cost,
    sum(c.effective_cost) filter (where c.component = 'commitment_unused') as unused_cost,
    sum(c.effective_cost) filter (where c.component = 'support') as support_cost,
    sum(c.effective_cost) filter (where c.component = 'tax') as tax_cost,
    sum(c.effective_cost) filter (where c.component = 'credit') as credit_cost,
    sum(c.effective_cost) as total_cost, bool_and(c.is_settled) as is_settled
from cost_service_day c
join service s using (service)
where s.team in (select unnest($teams)) and c.date >= $month - interval 1 month and c.date < $month
group by all
union all
select s.team, 'all services', c.currency, date_trunc('month', c.date)::date as month,
    sum(c.effective_cost) filter (where c.component = 'direct') as direct_cost,
    sum(c.effective_cost) filter (where c.component = 'shared') as shared_cost,
    sum(c.effective_cost) filter (where c.component = 'telemetry') as telemetry_cost,
    sum(c.effective_cost) filter (where c.component = 'commitment_unused') as unused_cost,
    sum(c.effective_cost) filter (where c.component = 'support') as support_cost,
    sum(c.effective_cost) filter (where c.component = 'tax') as tax_cost,
    sum(c.effective_cost) filter (where c.component = 'credit') as credit_cost,
    sum(c.effective_cost) as total_cost, bool_and(c.is_settled) as is_settled
from cost_service_day c
join service s using (service)
where s.team in (select unnest($teams)) and c.date >= $month - interval 1 month and c.date < $month
group by all
order by 1, 3, 12 desc nulls last, 2
