-- What has each team cost so far this month, by currency, on settled days?
select coalesce(s.team, '(no team)') as team, c.currency, sum(c.effective_cost) as effective_cost,
    count(distinct c.service) as services, max(c.date) as settled_to
from cost_service_day c
left join service s using (service)
where c.is_settled and c.date >= (select date_trunc('month', max(date)) from cost_service_day where is_settled)
group by all
order by effective_cost desc
