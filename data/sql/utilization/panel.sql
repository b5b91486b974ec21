-- Series at one grain, finer values averaged, with the end of each: the step after its last readable stamp.
with stepped as (
    select service, metric, date_trunc($grain, stamp) as timestamp, list_sort(list(value)) as ordered
    from classified('raw_sample')
    where reason is null
    group by all
),
ended as (
    select service, metric, date_trunc($grain, max(stamp)) + to_hours(case $grain when 'hour' then 1 else 24 end) as ends
    from classified('raw_sample')
    where stamp is not null
    group by all
)
select s.service, s.metric, s.timestamp, list_sum(s.ordered) / len(s.ordered) as value, e.ends
from stepped s
join ended e using (service, metric)
order by s.service, s.metric, s.timestamp
