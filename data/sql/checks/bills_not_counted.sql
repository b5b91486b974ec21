-- severity: warn
-- bills are stored of a source that the configuration does not name: they do not count; where they should, name it again
select source, currency, count(distinct billing_period) as periods, sum(billed_cost) as billed_cost
from billing_load
semi join removed_source using (source)
where is_current
group by all
order by all
