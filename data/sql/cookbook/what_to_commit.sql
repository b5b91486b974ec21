-- What would it save to commit, by term and appetite for risk, and what could it cost?
select provider, scope, term_years, risk, owned_usd_hour, to_buy_usd_hour, expected_saving_usd_month,
    worst5_saving_usd_month, basis
from current_commitment_option
order by expected_saving_usd_month desc
