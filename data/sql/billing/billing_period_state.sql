-- What a vendor says of each billing period; of several issuers' it is final once all of them closed it.
with said as (
    select billing_month(
            coalesce(
                try_cast(regexp_replace(trim(billing_period), '\s*(Z|UTC|[+-]\d\d(:?\d\d)?)$', '') as timestamp),
                try_cast(billing_period as timestamptz) at time zone 'UTC'
            )
        ) as billing_period,
        lower(status) = 'closed' as is_closed,
        try_cast(last_updated as timestamptz) at time zone 'UTC' as updated_at
    from billing_period_state_line
    where lower(status) in ('open', 'closed')
)
select $source as source, billing_period, bool_and(is_closed) as is_closed, max(updated_at) as updated_at
from said
where billing_period is not null
group by all
