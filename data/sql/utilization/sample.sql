-- One row a time of a series. An exact repeat counts once; where one time has several values the largest stands,
-- since adding them would count a request twice and capacity is about the peak.
select service, metric, stamp, max(value) as value, min(value) <> max(value) as is_contradicted, count(*) as rows,
    min(file) as file
from classified
where reason is null and stamp >= $window_start
group by service, metric, stamp
