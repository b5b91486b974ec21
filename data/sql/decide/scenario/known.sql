-- What is settled of the month that a service is in; its requests so far.
select service, metric, period_start::timestamp as period_start, known as value
from forecast_sum
where made_on = $as_of and grain = 'm' and service in (select service from scenario_change)
union all
select l.service, l.metric, date_trunc('month', l.date)::timestamp, sum(l.total order by l.date)
from load_day l
join service s on s.service = l.service and s.request_metric = l.metric
where l.date >= date_trunc('month', $as_of::date) and l.date < $as_of
    and l.service in (select service from scenario_change)
group by all
order by all
