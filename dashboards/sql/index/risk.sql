-- The newest register, what matters most first: severity, then money, then the last day to act.
select kind, service, subject, severity, impact_usd, probability, act_by, owner, evidence, first_seen, trend_week
from current_risk
order by case severity when 'high' then 1 when 'medium' then 2 else 3 end, abs(impact_usd) desc nulls last,
    act_by nulls last, kind, service, subject
limit 7
