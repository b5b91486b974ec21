-- What of the owned commitments ends in which month, an hour's cost; nothing where no bill or contract says.
select provider, currency, month, hourly
from (select null::varchar as provider, null::varchar as currency, null::timestamp as month, null::double as hourly)
where provider is not null
