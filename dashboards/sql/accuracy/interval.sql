-- Each month of the whole bill beside the 80 % interval that was said of it before it began.
with said as (
    select target_time::date as month, metric, origin, made_on, mean, lo80, hi80
    from forecast
    where service = '(total)' and grain = 'm'
)
select m.month, metric_currency(m.metric) as currency, m.made_on, m.origin, s.mean as forecast, s.lo80, s.hi80, m.actual,
    case when m.actual between s.lo80 and s.hi80 then 'yes' when m.actual < s.lo80 then 'no: below' else 'no: above' end
        as inside
from month_status m
join said s using (month, metric, origin, made_on)
where m.service = '(total)' and m.grain = 'm'
order by m.month desc, currency, m.origin desc
limit 40
