-- severity: warn
-- a bill is not what its invoice says: see whether the export leaves out accounts, taxes or a marketplace
select source, billing_period, currency, billed_cost, invoice_total, invoice_difference
from bill
where abs(invoice_difference) >= 0.01 and finality <> 'open'
order by all
