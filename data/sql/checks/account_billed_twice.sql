-- severity: warn
-- two sources bill one account for the same month, as a FOCUS export and a CUR of the same bill do: take one out
select lower(account) as account, billing_period, currency, string_agg(distinct source, ' and ' order by source) as sources
from charge_day
where account is not null
group by all
having count(distinct source) > 1
order by all
limit 100
