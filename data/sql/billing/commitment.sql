-- What a month's bill says of each commitment: its terms where a line has them, what it cost in use and unused, what was
-- paid for it, and for how many hours it was charged.
with line as (
    select billing_month(billing_period_start) as billing_period, no_value(commitment_id) as commitment_id,
        upper(no_value(currency)) as currency, charge_period_start, charge_period_end,
        focus_word(charge_category) as charge_category,
        focus_word(charge_frequency) as charge_frequency,
        focus_word(commitment_status) as commitment_status,
        no_value(provider) as provider,
        coalesce(no_value(sub_account), no_value(billing_account)) as account,
        no_value(commitment_type) as commitment_type,
        no_value(commitment_category) as commitment_category,
        no_value(payment_option) as payment_option,
        try_cast(no_value(commitment_start) as timestamptz) at time zone 'UTC' as start_utc,
        try_cast(no_value(commitment_end) as timestamptz) at time zone 'UTC' as end_utc,
        effective_cost, billed_cost
    from charge_line
    where no_value(commitment_id) is not null
),
charged as (
    -- Many lines share a period: it counts once.
    select billing_period, commitment_id, currency, charge_period_start,
        date_diff('second', charge_period_start, max(charge_period_end)) / 3600 as hours
    from line
    where commitment_status is not null and charge_period_end > charge_period_start
    group by billing_period, commitment_id, currency, charge_period_start
),
span as (
    select billing_period, commitment_id, currency,
        -- A monthly line of what was not used lies over the hourly ones of what was.
        least(
            sum(hours order by charge_period_start),
            date_diff('hour', min(charge_period_start), max(charge_period_start + to_seconds(hours * 3600)))
        ) as hours
    from charged
    group by all
)
select $source as source, billing_period, commitment_id, currency,
    coalesce(min(provider) filter (where charge_category = 'Purchase'), min(provider)) as provider,
    coalesce(min(account) filter (where charge_category = 'Purchase'), min(account)) as account,
    max(commitment_type) as commitment_type,
    max(commitment_category) as commitment_category,
    max(payment_option) as payment_option,
    coalesce(
        min(start_utc),
        min(charge_period_start) filter (where charge_category = 'Purchase' and charge_frequency = 'One-Time')
    ) as start_utc,
    coalesce(
        max(end_utc),
        -- The period of an upfront fee is the term, where it says more than the moment of the purchase.
        max(charge_period_end) filter (
            where charge_category = 'Purchase' and charge_frequency = 'One-Time'
                and charge_period_end >= charge_period_start + interval 25 days
        )
    ) as end_utc,
    sum(effective_cost) filter (where commitment_status = 'Used')::decimal(38, 20) as used_cost,
    sum(effective_cost) filter (where commitment_status = 'Unused')::decimal(38, 20) as unused_cost,
    sum(billed_cost) filter (
        where charge_category = 'Purchase' and charge_frequency = 'One-Time'
    )::decimal(38, 20) as upfront_cost,
    sum(billed_cost) filter (
        where charge_category = 'Purchase' and charge_frequency = 'Recurring'
    )::decimal(38, 20) as recurring_cost,
    -- FOCUS wants none: what a purchase pays for is the cost of what it covers. It is not stored.
    sum(effective_cost) filter (
        where charge_category = 'Purchase' and commitment_status is distinct from 'Unused'
    )::decimal(38, 20) as purchase_cost,
    coalesce(any_value(span.hours), 0)::double as hours
from line
left join span using (billing_period, commitment_id, currency)
group by all
