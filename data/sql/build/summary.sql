-- What a person wants to know of a night at a glance.
select 'series forecast' as fact, count(*)::varchar as value from forecast_fit where made_on = $as_of
union all
select 'series on the fallback', count(*)::varchar from forecast_fit where made_on = $as_of and fallback_reason is not null
union all
select 'limits reached within 90 days (p50)', count(*)::varchar from headroom where made_on = $as_of and p50_date is not null
union all
select 'sources not fresh', count(*)::varchar from source_state anti join removed_source using (source) where as_of = $as_of and state <> 'fresh'
union all
select 'rows rejected', coalesce(sum(rows), 0)::varchar from input_issue anti join removed_source using (source) where severity = 'rejected'
union all
select 'hours on a flat line, not believed', count(*)::varchar from utilization_judged where flag is not null
union all
select 'checks that warn', count(*)::varchar from check_result where as_of = $as_of and rows > 0
union all
select 'effective cost of the last 30 settled days, ' || currency, round(sum(effective_cost), 2)::varchar
from cost_service_day
where is_settled and date >= $as_of - 32 and date < $as_of
group by currency
