-- What invoices say of each billing period; a period may have several.
select $source as source,
    billing_month(
        coalesce(
            try_cast(regexp_replace(trim(billing_period), '\s*(Z|UTC|[+-]\d\d(:?\d\d)?)$', '') as timestamp),
            try_cast(billing_period as timestamptz) at time zone 'UTC'
        )
    ) as billing_period,
    upper(currency) as currency, sum(try_cast(billed_cost as decimal(38, 20)))::decimal(38, 20) as total,
    count(distinct invoice_id) as invoices
from invoice_detail_line
where currency is not null
group by all
having total is not null
