-- What of the owned commitments ends in which month of the next year, an hour's cost; and what of it within three months.
select provider, currency, date_trunc('month', end_utc)::timestamp as month,
    sum(hourly_commitment::double order by hourly_commitment) as hourly,
    coalesce(
        sum(hourly_commitment::double order by hourly_commitment) filter (where end_utc < $as_of + interval 3 months), 0
    ) as soon
from commitment
anti join removed_source using (source)
where end_utc >= $as_of and end_utc < $as_of + interval 13 months and hourly_commitment is not null
    and coalesce(start_utc, $as_of) <= $as_of
group by all
order by all
