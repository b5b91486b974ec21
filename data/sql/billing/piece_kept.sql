-- A piece's lines but for the days that it leaves to a newer one. Costs of one type: pieces' own differ.
select l.* replace (
    l.billed_cost::decimal(38, 20) as billed_cost, l.effective_cost::decimal(38, 20) as effective_cost,
    l.list_cost::decimal(38, 20) as list_cost, l.contracted_cost::decimal(38, 20) as contracted_cost
)
from charge_line l
anti join piece_lost p
    on p.piece = $piece and p.billing_period = billing_month(l.billing_period_start)
    and p.date = l.charge_period_start::date
