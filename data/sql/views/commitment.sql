-- The newest night's options, and the months of what is owned.

create view current_commitment_option as
select *
from commitment_option
where as_of = (select max(as_of) from commitment_option);
comment on view current_commitment_option is 'The newest night''s options. e.g. select provider, scope, term_years, risk, to_buy_usd_hour, expected_saving_usd_month, worst5_saving_usd_month from current_commitment_option order by expected_saving_usd_month desc';

create view current_commitment_purchase as
select *
from commitment_purchase
where as_of = (select max(as_of) from commitment_option);
comment on view current_commitment_purchase is 'The newest night''s ladder. e.g. select month, expiring_usd_hour, buy_usd_hour from current_commitment_purchase where risk = ''neutral'' and term_years = 1 order by month';

create view current_commitment_regret as
select *
from commitment_regret
where as_of = (select max(as_of) from commitment_option);
comment on view current_commitment_regret is 'The newest night''s regret curves. e.g. select level_usd_hour_on_demand, regret_usd_month from current_commitment_regret where term_years = 1 order by 1';

create view current_commitment_month as
select *
from commitment_month
where month = (select max(month) from commitment_month);
comment on view current_commitment_month is 'The newest month of what is owned. e.g. select scope, utilisation, coverage, unused_cost, saving from current_commitment_month';
