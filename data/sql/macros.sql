-- One definition of each term that more than one query needs. Made anew by every night and copied with the tables, so
-- that planners' queries may use them too.

-- A series is a metric of a service; cost is a metric too, one a currency.
create or replace macro cost_metric(currency) as 'cost_' || lower(currency);
create or replace macro is_cost(metric) as starts_with(metric, 'cost_');
create or replace macro metric_currency(metric) as case when starts_with(metric, 'cost_') then upper(substr(metric, 6)) end;
create or replace macro metric_subject(metric) as case when starts_with(metric, 'cost_') then 'cost' else 'load' end;

-- Run-rate is what use costs every day: what is charged once or follows the total is not forecast with it.
create or replace macro is_run_rate(component) as component not in ('tax', 'credit', 'support');

-- Days ahead that accuracy is told by: each bucket ends with horizon_days and starts after after_days.
create or replace macro horizon_bucket() as table
select horizon_days, coalesce(lag(horizon_days) over (order by horizon_days), 0) as after_days
from (select unnest([1, 7, 14, 28, 60, 90]) as horizon_days);

-- The company's target: forecasts of stable series within 10 % are good, within 20 % acceptable.
create or replace macro is_good(error_ratio) as abs(error_ratio) <= 0.1;
create or replace macro is_acceptable(error_ratio) as abs(error_ratio) <= 0.2;
create or replace macro target_status(error_ratio) as case
    when abs(error_ratio) <= 0.1 then 'good'
    when abs(error_ratio) <= 0.2 then 'acceptable'
    when error_ratio is not null then 'miss'
end;

-- Until when the bills of a currency are settled, as known at a moment, and the newest day that they charge.
create or replace macro settled_until(known_until) as table
select currency, max(date) filter (where is_settled) as settled_until, max(date) as newest_date
from cost_service_day
where date < known_until
group by currency;

-- The limit in force on a day: the newest that holds by then.
create or replace macro limit_in_force(on_day) as table
select service, metric, last(limit_value order by valid_from) as limit_value,
    last(lead_time_days order by valid_from) as lead_time_days,
    last(unit_cost_usd_month order by valid_from) as unit_cost_usd_month,
    max(valid_from) as valid_from
from capacity_limit
where valid_from <= on_day
group by service, metric;
