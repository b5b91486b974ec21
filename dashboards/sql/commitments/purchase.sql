-- The ladder of the neutral appetite: what to buy in which month, so that no more than a part ends at once.
select month, provider, scope, currency, term_years, risk, expiring_usd_hour, buy_usd_hour, owned_after_usd_hour
from current_commitment_purchase
where risk = 'neutral' and (buy_usd_hour > 0 or expiring_usd_hour > 0)
order by month, provider, scope, currency, term_years
limit 120
