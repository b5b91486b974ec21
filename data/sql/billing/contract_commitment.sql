-- Contracts that hold or held: what was only proposed or was called off is none.
select $source as source, commitment_id, upper(currency) as currency, any_value(provider) as provider,
    any_value(account) as account, any_value(commitment_type) as commitment_type,
    any_value(commitment_category) as commitment_category,
    any_value(payment_model) as payment_model,
    min(try_cast(start_utc as timestamptz) at time zone 'UTC') as start_utc,
    max(try_cast(end_utc as timestamptz) at time zone 'UTC') as end_utc,
    sum(try_cast(cost as decimal(38, 20))) as cost,
    sum(try_cast(quantity as double)) as quantity,
    any_value(unit) as unit
from contract_commitment_line
where commitment_id is not null and currency is not null
    and coalesce(lower(status), 'active') not in ('proposed', 'canceled', 'superseded')
group by all
