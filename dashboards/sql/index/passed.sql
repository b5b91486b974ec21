-- Budgets of the month under way that are likelier passed than not, the furthest over first.
select b.scope, b.name, b.currency, b.budget::double as budget, b.forecast, b.probability_over, b.passed_on,
    case b.scope when 'service' then s.team when 'team' then b.name end as owner
from budget_status b
left join service s on b.scope = 'service' and s.service = b.name
where b.as_of = (select max(as_of) from budget_status) and b.period = 'm' and b.period_start = $month
    and b.probability_over >= 0.5 and b.forecast > b.budget
order by b.forecast - b.budget desc, b.scope, b.name, b.currency
limit 7
