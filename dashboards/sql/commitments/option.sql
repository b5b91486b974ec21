-- What to commit to, by appetite for risk: what it saves on average and in the worst of twenty futures.
select provider, scope, currency, term_years, risk, discount, owned_usd_hour, to_buy_usd_hour, expected_saving_usd_month,
    worst5_saving_usd_month, break_even_utilisation, coverage, utilisation, format('{:,} h, {}', hours, basis) as learnt_from
from current_commitment_option
where to_buy_usd_hour > 0
order by expected_saving_usd_month desc, provider, scope, currency, term_years, risk
