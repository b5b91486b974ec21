-- What needs somebody, the largest first, by when, and whose is it?
select severity, kind, service, subject, impact_usd, probability, act_by, owner, evidence
from current_risk
order by case severity when 'high' then 1 when 'medium' then 2 else 3 end, impact_usd desc nulls last
