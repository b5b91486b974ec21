-- The top risks of the newest night.
select kind, service, subject, severity, impact_usd, probability, act_by, owner, evidence
from current_risk
order by case severity when 'high' then 1 when 'medium' then 2 else 3 end, abs(impact_usd) desc nulls last,
    act_by nulls last, kind, service, subject
limit 8
