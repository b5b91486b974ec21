-- severity: warn
-- two sources bill one account for one month (one bill as FOCUS and as CUR): name one of them, the other no longer counts
select lower(account) as account, billing_period, currency, string_agg(distinct source, ' and ' order by source) as sources
from charge_day
anti join removed_source using (source)
where account is not null
group by all
having count(distinct source) > 1
order by all
limit 100
