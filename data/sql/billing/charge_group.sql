-- One scan of the lines, summed by the texts as found; what is cleaned afterwards is far less.
-- Only what goes on past midnight keeps its moments: it is cut into days afterwards.
select billing_period_start, charge_period_start::date as charge_date,
    case when charge_period_end > charge_period_start::date + 1 then charge_period_start end as spread_from,
    case when charge_period_end > charge_period_start::date + 1 then charge_period_end end as spread_to, owner_tag_key, owner_tag, provider, sub_account,
    billing_account, service_category, product, region, charge_category, charge_class, charge_frequency,
    pricing_category, commitment_status, consumed_unit, currency, charge_kind, rule_position, environment, node,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(list_cost) as list_cost,
    sum(contracted_cost) as contracted_cost,
    sum(consumed_quantity) as consumed_quantity,
    count(*) as lines,
    count(*) filter (where is_unlisted) as lines_unlisted,
    count(*) filter (where is_quantity_lost) as lines_quantity_lost,
    count(billed_cost) as lines_with_billed,
    count(effective_cost) as lines_with_effective,
    count(no_value(invoice)) as lines_with_invoice,
    min(unreadable) filter (where unreadable is not null) as unreadable
from charge_line
group by all
