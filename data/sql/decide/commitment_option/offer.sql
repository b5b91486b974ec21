-- What is offered: of a provider, or of every one where it is null.
select provider, term_years, discount from commitment_offer order by provider nulls first, term_years
