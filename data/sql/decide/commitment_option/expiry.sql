-- What of the owned commitments ends in which month of the next year, an hour's cost.
select provider, currency, date_trunc('month', end_utc)::timestamp as month,
    sum(hourly_commitment::double order by hourly_commitment) as hourly
from commitment
anti join removed_source using (source)
where end_utc >= $as_of and end_utc < $as_of + interval 13 months and hourly_commitment is not null
group by all
order by all
