-- What is said of a metric by its name holds.
insert into metric
select distinct u.metric, 'count'
from metric_shape s
join (select distinct source, metric from utilization_hour) u using (source)
where s.metric = '(all)' and s.shape <> 'gauge' and u.metric not in (select metric from metric)
