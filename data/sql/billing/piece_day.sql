-- The days that a piece of a delivery has lines of.
select $piece::integer as piece, billing_month(billing_period_start) as billing_period, charge_period_start::date as date
from charge_line
group by all
