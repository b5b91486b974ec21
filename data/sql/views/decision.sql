-- The newest night's decisions.

create view current_headroom as
select h.*, s.tier, s.team
from headroom h
left join service s using (service)
where made_on = (select max(made_on) from headroom);
comment on view current_headroom is 'The newest night''s dates, with tier and team';

create view current_advice as
select a.*, s.tier, s.team
from advice a
left join service s using (service)
where as_of = (select max(as_of) from advice);
comment on view current_advice is 'The newest night''s advice. Example: select service, metric, level, act_by from current_advice where urgency <= 3 order by urgency, act_by';

create view current_capacity_trade as
select t.*, s.tier, s.team
from capacity_trade t
left join service s using (service)
where as_of = (select max(as_of) from capacity_trade);
comment on view current_capacity_trade is 'The newest night''s curves. Example, what removing spare capacity saves and adds in risk: select a.service, a.metric, n.units - a.units as spare, n.cost_usd_month - a.cost_usd_month as usd_month, a.breach_probability_90d from current_capacity_trade a join current_capacity_trade n using (service, metric) where a.is_advised and n.is_current and a.units < n.units order by usd_month desc';

create view current_scale_schedule as
select t.*, s.tier, s.team
from scale_schedule t
left join service s using (service)
where as_of = (select max(as_of) from scale_schedule);
comment on view current_scale_schedule is 'The newest night''s schedules. Example: select hour_of_week, units from current_scale_schedule where service = ''web'' and metric = ''cpu'' order by hour_of_week';

create view current_scale_saving as
with limit_now as (
    select service, metric, last(units order by valid_from) as units,
        last(unit_cost_usd_month order by valid_from) as unit_cost_usd_month
    from capacity_limit
    where valid_from <= (select max(as_of) from scale_schedule)
    group by all
),
scheduled as (
    select service, metric, max(units) as constant_units, avg(units order by hour_of_week) as mean_units
    from current_scale_schedule
    group by all
)
select c.service, c.metric, l.units as current_units, c.constant_units, c.mean_units,
    (c.constant_units - c.mean_units) / nullif(c.constant_units, 0) as saving_ratio,
    (c.constant_units - c.mean_units) * l.unit_cost_usd_month::double as saving_usd_month
from scheduled c
left join limit_now l using (service, metric);
comment on view current_scale_saving is 'What following the schedule saves against constant capacity for the busiest hour. grain: service, metric. Example: select service, saving_ratio, saving_usd_month from current_scale_saving order by saving_usd_month desc nulls last';
comment on column current_scale_saving.current_units is 'units that there are now; null where not known';
comment on column current_scale_saving.constant_units is 'units that the busiest hour of the week needs';
comment on column current_scale_saving.mean_units is 'units of the schedule, mean over the week';
comment on column current_scale_saving.saving_ratio is '1 - mean_units / constant_units';
comment on column current_scale_saving.saving_usd_month is 'USD a month; null where a unit has no price';

create view current_use_per_request as
select t.*, s.tier, s.team
from use_per_request t
left join service s using (service)
where as_of = (select max(as_of) from use_per_request);
comment on view current_use_per_request is 'The newest night''s use per request. Example, how many requests an hour a limit carries: select u.service, (l.limit_value - u.base_use) / u.use_per_request as requests_hour from current_use_per_request u join current_headroom l using (service, metric) where u.use_per_request > 0';

create view current_budget_status as
from budget_status
where as_of = (select max(as_of) from budget_status);
comment on view current_budget_status is 'The newest night''s budgets. Example: select scope, name, period, budget, forecast, probability_over, passed_on from current_budget_status where not is_final and probability_over > 0.5 order by forecast - budget desc';

create view current_probability_reliability as
from probability_reliability
where as_of = (select max(as_of) from probability_reliability);
comment on view current_probability_reliability is 'The newest night''s count. Example: select subject, probability_from, forecasts, probability_mean, happened_ratio from current_probability_reliability order by all';

create view current_scenario_result as
from scenario_result
where as_of = (select max(as_of) from scenario_result);
comment on view current_scenario_result is 'The newest night''s scenarios. Example: select scenario, scope, service, period_start, baseline, result, change_lo80, change_hi80 from current_scenario_result where measure = ''cost'' order by all';
