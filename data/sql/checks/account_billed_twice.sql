-- severity: warn
-- two sources bill one account for one month (one bill as FOCUS and as CUR, or a source renamed): name one, and another [warehouse] path
select lower(account) as account, billing_period, currency, string_agg(distinct source, ' and ' order by source) as sources
from charge_day
where account is not null
group by all
having count(distinct source) > 1
order by all
limit 100
