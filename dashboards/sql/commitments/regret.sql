-- What each level of commitment would cost and regret.
select provider, scope || ', ' || currency || ', ' || term_years || if(term_years = 1, ' year', ' years') as offer,
    level_usd_hour_on_demand as level, regret_usd_month, regret95_usd_month, is_option
from current_commitment_regret
order by provider, offer, level
