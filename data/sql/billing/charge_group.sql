-- One scan of the lines, summed by the texts as found; what is cleaned afterwards is far less.
select billing_period_start, charge_period_start::date as charge_date, owner_tag_key, owner_tag, provider, sub_account,
    billing_account, service_category, product, region, charge_category, charge_class, charge_frequency,
    pricing_category, commitment_status, consumed_unit, currency,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(list_cost) as list_cost,
    sum(contracted_cost) as contracted_cost,
    sum(consumed_quantity) as consumed_quantity,
    count(*) as lines,
    count(*) filter (where no_text(invoice) is null) as lines_without_invoice,
    count(*) filter (where billed_cost is null) as lines_without_billed,
    count(*) filter (where effective_cost is null) as lines_without_effective,
    min(billed_cost_text) filter (where billed_cost is null) as unreadable_billed,
    min(effective_cost_text) filter (where effective_cost is null) as unreadable_effective,
    min(list_cost_text) filter (where list_cost is null) as unreadable_list,
    min(contracted_cost_text) filter (where contracted_cost is null) as unreadable_contracted,
    min(coalesce(charge_period_start_text, 'null')) filter (where charge_period_start is null) as unreadable_charge_time,
    min(coalesce(billing_period_start_text, 'null')) filter (where billing_period_start is null) as unreadable_period
from charge_line
group by all
