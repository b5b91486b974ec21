-- The ladders of the neutral appetite, one a scope and term: what to buy in which month, so that only a part ends at once.
select month, provider, scope, currency, term_years, risk, expiring_usd_hour, buy_usd_hour, owned_after_usd_hour
from current_commitment_purchase
where risk = 'neutral' and (buy_usd_hour > 0 or expiring_usd_hour > 0)
order by provider, scope, currency, term_years, month
limit 240
