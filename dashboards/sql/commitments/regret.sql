-- What each level of commitment would cost and regret, of the six offers of which buying saves most.
with worth as (
    select provider, scope, currency, term_years, max(expected_saving_usd_month) as saving
    from current_commitment_option
    where to_buy_usd_hour > 0
    group by all
    order by saving desc, provider, scope, currency, term_years
    limit 6
)
select r.provider, r.scope || ', ' || r.currency || ', ' || r.term_years || if(r.term_years = 1, ' year', ' years') as offer,
    r.currency, r.level_usd_hour_on_demand as level, r.regret_usd_month, r.regret95_usd_month, r.is_option
from current_commitment_regret r
join worth w using (provider, scope, currency, term_years)
order by w.saving desc, r.provider, offer, level
