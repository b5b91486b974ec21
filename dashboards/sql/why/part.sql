-- The cells behind the change of the whole bill, the largest first.
select p.currency, p.month, if(p.place = 0, 'the rest', p.product) as product, p.region, p.usage_unit, p.list_change, p.price, p.efficiency, p.mix, p.volume,
    p.restatement, p.discount, p.price_ratio, p.cells
from unit_cost_change_part p
where p.scope = 'total'
qualify p.month = max(p.month) over (partition by p.currency)
order by p.currency, p.place = 0, p.place
limit 60
