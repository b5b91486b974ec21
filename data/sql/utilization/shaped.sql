-- What counters rose by, what rates add up to, and gauges as they are.
from counter_rise('shaped_row')
union all by name
select *, false as is_gap from rate_count('shaped_row')
union all by name
select * exclude (series, shape), false as is_gap from shaped_row where shape = 'gauge'
