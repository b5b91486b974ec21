-- Every commitment that bills name, with what all of its months say together.
with month as (
    select *, billing_period < max(billing_period) over (partition by source) as is_over
    from commitment_bill
    anti join removed_source using (source)
),
whole as (
    select source, commitment_id, currency,
        max_by(provider, billing_period) as provider,
        max_by(account, billing_period) as account,
        max_by(commitment_type, billing_period) as commitment_type,
        max_by(commitment_category, billing_period) as commitment_category,
        max_by(payment_option, billing_period) as payment_option,
        min(start_utc) as start_utc,
        max(end_utc) as end_utc,
        sum(upfront_cost) as upfront_cost,
        sum(recurring_cost) as recurring_cost,
        min(billing_period) as first_billing_period,
        max(billing_period) as last_billing_period,
        -- The newest month that used it: an older one may have had other terms. One that is over, if there is one: of
        -- the newest of a bill the last days are not whole yet.
        coalesce(
            max(billing_period) filter (where is_over and hours > 0 and coalesce(used_cost, unused_cost) is not null),
            max(billing_period) filter (where hours > 0 and coalesce(used_cost, unused_cost) is not null)
        ) as used_period
    from month
    group by all
),
newest as (
    select w.*, m.is_over, m.hours, coalesce(m.used_cost, 0) + coalesce(m.unused_cost, 0) as amortised_cost,
        coalesce(m.recurring_cost, 0) as recurring_of_month
    from whole w
    left join month m
        on m.source = w.source and m.commitment_id = w.commitment_id and m.currency = w.currency
        and m.billing_period = w.used_period
),
of_bills as (
    select source, commitment_id, currency, provider, account, commitment_type, commitment_category,
        coalesce(
            payment_option,
            case
                when upfront_cost > 0 and coalesce(recurring_cost, 0) = 0 then 'All Upfront'
                -- Use costs more than the fee: the rest was paid before what is on these bills.
                when recurring_cost > 0 and (upfront_cost > 0 or amortised_cost > recurring_of_month * 1.02)
                    then 'Partial Upfront'
                when recurring_cost > 0 then 'No Upfront'
            end
        ) as payment_option,
        start_utc, end_utc,
        case
            when hours > 0 then (amortised_cost::double / hours)::decimal(38, 20)
            when end_utc > start_utc and upfront_cost > 0 and recurring_cost is null
                then (upfront_cost::double / date_diff('hour', start_utc, end_utc))::decimal(38, 20)
        end as hourly_commitment,
        first_billing_period, last_billing_period, coalesce(is_over, false) as is_over
    from newest
),
contract as (
    from contract_commitment
    anti join removed_source using (source)
)
-- A contract says its terms; bills say what an hour really costs.
select source, commitment_id, currency,
    coalesce(c.provider, b.provider) as provider,
    coalesce(c.account, b.account) as account,
    coalesce(c.commitment_type, b.commitment_type) as commitment_type,
    coalesce(c.commitment_category, b.commitment_category) as commitment_category,
    coalesce(b.payment_option, c.payment_model) as payment_option,
    coalesce(c.start_utc, b.start_utc) as start_utc,
    coalesce(c.end_utc, b.end_utc) as end_utc,
    coalesce(
        case when b.is_over then b.hourly_commitment end,
        case
            when c.end_utc > c.start_utc and c.cost > 0
                then (c.cost::double / date_diff('second', c.start_utc, c.end_utc) * 3600)::decimal(38, 20)
        end,
        b.hourly_commitment
    ) as hourly_commitment,
    b.first_billing_period, b.last_billing_period
from of_bills b
full join contract c using (source, commitment_id, currency)
