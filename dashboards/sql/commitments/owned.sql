-- Every commitment that has not ended, what ends first at the top; what an hour of it costs, used or not.
select source, commitment_id, coalesce(provider, source) as provider, commitment_type, payment_option, account, currency,
    start_utc::date as start_utc, end_utc::date as end_utc, date_diff('day', $as_of::date, end_utc::date) as days_left,
    hourly_commitment::double as hourly_cost, hourly_commitment::double * 730 as month_cost
from commitment
anti join removed_source using (source)
where end_utc is null or end_utc >= $as_of
order by end_utc nulls last, hourly_commitment desc nulls last, source, commitment_id, currency
limit 300
