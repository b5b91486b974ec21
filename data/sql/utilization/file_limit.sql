-- The newest limit that the rows of each series say.
select service, metric, arg_max(limit_value, stamp) as limit_value
from classified('raw_sample')
where reason is null and limit_value is not null
group by all
