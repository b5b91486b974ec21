-- Does what was loaded tie to the invoice, and is the month final?
select source, billing_period, currency, billed_cost, effective_cost, invoice_total, invoice_difference, finality
from bill
order by billing_period desc, source
