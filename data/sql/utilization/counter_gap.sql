-- What counters rose by over gaps, by the file in which they ended: it belongs to no hour.
select file, count(*) as rises, min(concat_ws(', ', service, metric, stamp, value)) as example
from shaped
where is_gap
group by file
order by file
