-- What to do, decided each night from the tables before it.

create table if not exists headroom (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    limit_value double not null,
    peak_now double,
    quantile double not null,
    peak_forecast double,
    headroom_ratio double,
    p10_date date,
    p50_date date,
    p90_date date,
    probability_30d double,
    probability_60d double,
    probability_90d double,
    act_by date,
    planned_date date,
    units_to_add double,
    add_by date,
    usd_month double,
    next_limit double,
    next_limit_from date,
    peak_since date,
    at_limit_since timestamp,
    primary key (made_on, service, metric)
);
comment on table headroom is 'When each limit will be reached. grain: made_on, service, metric';
comment on column headroom.made_on is 'the night that made it';
comment on column headroom.service is 'service';
comment on column headroom.metric is 'metric the limit is on';
comment on column headroom.limit_value is 'in force that night, unit of the metric; of a count, of an hour';
comment on column headroom.peak_now is 'largest hour since peak_since, unit of the metric';
comment on column headroom.quantile is 'how sure: 0.99 for tier 0, 0.95 for tier 1, 0.90 for tier 2 and others';
comment on column headroom.peak_forecast is 'that quantile of the peak of the next 90 days, unit of the metric';
comment on column headroom.headroom_ratio is '1 - that quantile of the peak over the limit of its day; below 0 the plan does not hold';
comment on column headroom.p10_date is 'one simulated future in ten has reached the limit by then; null: fewer than that within the horizon';
comment on column headroom.p50_date is 'half of them have';
comment on column headroom.p90_date is 'nine in ten have';
comment on column headroom.probability_30d is 'share of simulated futures that reach the limit within 30 days';
comment on column headroom.probability_60d is 'within 60 days';
comment on column headroom.probability_90d is 'within 90 days';
comment on column headroom.act_by is 'p10_date less the lead time: the last safe day to order more';
comment on column headroom.planned_date is 'first day that more futures have reached the limit than the tier plans for; null: the plan holds for 90 days';
comment on column headroom.units_to_add is 'units (see capacity_limit.units; else of the metric) that keep the plan for 90 days; 0: none';
comment on column headroom.add_by is 'planned_date less the lead time: order by then to keep the plan';
comment on column headroom.usd_month is 'USD a month of units_to_add; null where a unit has no price';
comment on column headroom.next_limit is 'limit that is declared to follow, unit of the metric; null for none';
comment on column headroom.next_limit_from is 'first day of next_limit';
comment on column headroom.peak_since is 'first day that peak_now looks at: the last break of the series, at most 30 days back';
comment on column headroom.at_limit_since is 'since when the load stands at a ceiling, UTC: demand is higher than what is measured; null where it does not';

create table if not exists advice (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    level varchar not null,
    urgency integer not null,
    is_first boolean not null,
    limit_value double not null,
    peak_now double,
    fullness_ratio double,
    headroom_ratio double,
    p10_date date,
    p50_date date,
    act_by date,
    lead_time_days integer,
    probability_90d double,
    peak_since date,
    quantile double,
    planned_date date,
    units_to_add double,
    add_by date,
    usd_month double,
    at_limit_since timestamp,
    primary key (as_of, service, metric)
);
comment on table advice is 'What to do about each limit, from its headroom; pages only word it. grain: as_of, service, metric';
comment on column advice.as_of is 'the night that made it';
comment on column advice.service is 'service';
comment on column advice.metric is 'metric the limit is on';
comment on column advice.level is 'over: the limit was passed, or the load stands at a ceiling; late: the last safe day to order (act_by) is past; act: it or add_by is within 30 days; watch: later; fine: the plan of the tier holds for 90 days; unknown: no forecast';
comment on column advice.urgency is '1 over, 2 late, 3 act, 4 watch, 5 fine, 6 unknown';
comment on column advice.is_first is 'true for the most urgent limit of the service';
comment on column advice.limit_value is 'in the unit of the metric';
comment on column advice.peak_now is 'see headroom, unit of the metric; null where not measured';
comment on column advice.fullness_ratio is 'peak_now / limit_value';
comment on column advice.headroom_ratio is '1 - planned peak / limit_value; null where there is no forecast';
comment on column advice.p10_date is 'one simulated future in ten has reached the limit by then; null: fewer within the horizon';
comment on column advice.p50_date is 'half of them have';
comment on column advice.act_by is 'last safe day to order more';
comment on column advice.lead_time_days is 'days from deciding to having more';
comment on column advice.probability_90d is 'share of simulated futures that reach the limit within 90 days';
comment on column advice.peak_since is 'first day that peak_now looks at';
comment on column advice.quantile is 'of the peak that the tier plans for';
comment on column advice.planned_date is 'first day that the plan of the tier does not hold; null: it holds for 90 days';
comment on column advice.units_to_add is 'units that keep the plan, see headroom';
comment on column advice.add_by is 'order them by then to keep the plan';
comment on column advice.usd_month is 'USD a month of units_to_add; null where a unit has no price';
comment on column advice.at_limit_since is 'since when the load stands at a ceiling, UTC; null where it does not';

create table if not exists month_cost (
    service varchar not null,
    currency varchar not null,
    month date not null,
    usage_cost decimal(38, 20),
    tax_cost decimal(38, 20),
    credit_cost decimal(38, 20),
    support_cost decimal(38, 20),
    total_cost decimal(38, 20),
    forecast_cost double,
    forecast_lo80 double,
    forecast_hi80 double,
    primary key (service, currency, month)
);
comment on table month_cost is 'What each service cost and will cost by calendar month of use, as the newest night knows. grain: service, currency, month';
comment on column month_cost.service is 'service, (unallocated), or (total) for the forecast of the whole bill, whose costs are null: sums over services do not count twice';
comment on column month_cost.currency is 'ISO 4217; never add over currencies';
comment on column month_cost.month is 'first day of the month';
comment on column month_cost.usage_cost is 'effective cost in the currency so far, without tax, credit, support';
comment on column month_cost.tax_cost is 'in the currency';
comment on column month_cost.credit_cost is 'in the currency; below 0';
comment on column month_cost.support_cost is 'in the currency';
comment on column month_cost.total_cost is 'sum of these, in the currency';
comment on column month_cost.forecast_cost is 'the whole month''s usage_cost, what is known of it included, in the currency';
comment on column month_cost.forecast_lo80 is 'lower end of its 80 % interval; null where its services or days were only added up';
comment on column month_cost.forecast_hi80 is 'upper end of its 80 % interval';

create table if not exists capacity_trade (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    units double not null,
    cost_usd_month double,
    breach_probability_30d double,
    breach_probability_60d double,
    breach_probability_90d double,
    expected_breach_hours double,
    is_current boolean not null,
    is_advised boolean not null,
    primary key (as_of, service, metric, units)
);
comment on table capacity_trade is 'What more or fewer units cost and how likely each number is passed, the newest night''s. grain: as_of, service, metric, units';
comment on column capacity_trade.as_of is 'the night that made it';
comment on column capacity_trade.service is 'service';
comment on column capacity_trade.metric is 'metric the limit is on';
comment on column capacity_trade.units is 'units in all today (see capacity_limit.units; else of the metric); what is declared to change comes on top of more, or fewer, than there are';
comment on column capacity_trade.cost_usd_month is 'USD a month of all of them; null where a unit has no price';
comment on column capacity_trade.breach_probability_30d is 'share of simulated futures that pass what they carry within 30 days';
comment on column capacity_trade.breach_probability_60d is 'within 60 days';
comment on column capacity_trade.breach_probability_90d is 'within 90 days';
comment on column capacity_trade.expected_breach_hours is 'hours of the next 90 days that pass it, on average over futures; null where no hours are measured';
comment on column capacity_trade.is_current is 'true for what there is now';
comment on column capacity_trade.is_advised is 'true for the fewest units that keep the plan of the tier: more than now, or fewer';

create table if not exists scale_schedule (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    hour_of_week integer not null,
    units double not null,
    demand double not null,
    primary key (as_of, service, metric, hour_of_week)
);
comment on table scale_schedule is 'How many units each hour of the coming weeks needs, the newest night''s; series whose every hour of the week is forecast. grain: as_of, service, metric, hour_of_week';
comment on column scale_schedule.as_of is 'the night that made it';
comment on column scale_schedule.service is 'service';
comment on column scale_schedule.metric is 'metric the limit is on';
comment on column scale_schedule.hour_of_week is '0 is Monday 00:00 to 01:00 UTC, 167 Sunday 23:00';
comment on column scale_schedule.units is 'units that carry the demand (see capacity_limit.units; else of the metric)';
comment on column scale_schedule.demand is 'load of the hour at the quantile that the tier plans for, unit of the metric';

create table if not exists use_per_request (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    request_metric varchar not null,
    hours integer not null,
    base_use double not null,
    use_per_request double not null,
    knee_requests double,
    use_per_request_after double,
    explained_ratio double,
    primary key (as_of, service, metric)
);
comment on table use_per_request is 'What a request uses of each gauge of its service, from the hours of the last 28 days. grain: as_of, service, metric';
comment on column use_per_request.as_of is 'the night that made it';
comment on column use_per_request.service is 'service';
comment on column use_per_request.metric is 'what is used';
comment on column use_per_request.request_metric is 'what is served';
comment on column use_per_request.hours is 'hours in which both are known';
comment on column use_per_request.base_use is 'use without requests, unit of the metric';
comment on column use_per_request.use_per_request is 'unit of the metric for one more request an hour; up to the knee where there is one';
comment on column use_per_request.knee_requests is 'requests an hour from which on each uses more; null where a line says as much';
comment on column use_per_request.use_per_request_after is 'unit of the metric for one more request an hour beyond the knee';
comment on column use_per_request.explained_ratio is 'share of the variance of use that requests explain, 0..1';

create table if not exists budget_status (
    as_of date not null,
    scope varchar not null,
    name varchar not null,
    period varchar not null,
    period_start date not null,
    currency varchar not null,
    budget decimal(38, 12) not null,
    spent double not null,
    settled_until date,
    is_final boolean not null,
    forecast double,
    lo80 double,
    hi80 double,
    probability_over double,
    passed_on date,
    forecast_last_month double,
    drift double,
    primary key (as_of, scope, name, period, period_start, currency)
);
comment on table budget_status is 'Every budget in the period under way, the one before and the one after: how much is spent and how likely it is passed. Cost of use, without tax, credit, support. grain: as_of, scope, name, period, period_start, currency';
comment on column budget_status.as_of is 'the night that made it';
comment on column budget_status.scope is 'service, team, account, tag or total';
comment on column budget_status.name is 'service, team, account id, key=value of the tag, or (total)';
comment on column budget_status.period is 'm: month, q: calendar quarter, y: fiscal year';
comment on column budget_status.period_start is 'first day of it';
comment on column budget_status.currency is 'of the budget, ISO 4217; what is billed in others counts where the configuration has rates';
comment on column budget_status.budget is 'in the currency';
comment on column budget_status.spent is 'settled cost of the period so far, in the currency';
comment on column budget_status.settled_until is 'newest settled day';
comment on column budget_status.is_final is 'true where every day of the period is settled: spent is what it cost';
comment on column budget_status.forecast is 'the whole period, spent included, in the currency; null where no forecast reaches its end';
comment on column budget_status.lo80 is 'lower end of its 80 % interval, of joint futures of its services';
comment on column budget_status.hi80 is 'upper end of its 80 % interval';
comment on column budget_status.probability_over is 'that the period costs more than the budget, 0..1';
comment on column budget_status.passed_on is 'day on which the budget was passed or, as forecast, will be; null: it is not';
comment on column budget_status.forecast_last_month is 'what a night 28 to 35 days ago forecast of the period, in the currency; null where there was none';
comment on column budget_status.drift is 'forecast / forecast_last_month - 1';

create table if not exists probability_reliability (
    as_of date not null,
    subject varchar not null,
    probability_from double not null,
    probability_to double not null,
    forecasts integer not null,
    probability_mean double not null,
    happened_ratio double not null,
    brier double not null,
    primary key (as_of, subject, probability_from)
);
comment on table probability_reliability is 'How often what was said to be likely has happened, over all nights so far. grain: as_of, subject, probability_from';
comment on column probability_reliability.as_of is 'the night that counted';
comment on column probability_reliability.subject is 'budget: that a period costs more; limit: that a load passes its limit within 30 days';
comment on column probability_reliability.probability_from is 'probabilities from this on';
comment on column probability_reliability.probability_to is 'and under this; the last one included';
comment on column probability_reliability.forecasts is 'how many were said';
comment on column probability_reliability.probability_mean is 'mean of what was said';
comment on column probability_reliability.happened_ratio is 'share of them that happened: near probability_mean where probabilities hold';
comment on column probability_reliability.brier is 'mean of (probability - happened) squared; 0 is perfect';

create table if not exists scenario_result (
    as_of date not null,
    scenario varchar not null,
    scope varchar not null,
    service varchar not null,
    measure varchar not null,
    subject varchar not null,
    period_start date not null,
    unit varchar not null,
    baseline double,
    baseline_lo80 double,
    baseline_hi80 double,
    result double,
    result_lo80 double,
    result_hi80 double,
    change double,
    change_lo80 double,
    change_hi80 double,
    baseline_date date,
    result_date date,
    assumption varchar,
    primary key (as_of, scenario, scope, service, measure, subject, period_start)
);
comment on table scenario_result is 'What each scenario would change, on the same futures as the forecast; never mixed with it. grain: as_of, scenario, scope, service, measure, subject, period_start';
comment on column scenario_result.as_of is 'the night that made it';
comment on column scenario_result.scenario is 'its name';
comment on column scenario_result.scope is 'service, team (that has a changed service) or total; of the last two, cost by month of all their services, changed or not, on joint futures';
comment on column scenario_result.service is 'service, team (see team_month), or (total)';
comment on column scenario_result.measure is 'cost, requests, unit_cost of a month; headroom_ratio, probability_90d, units_to_add, usd_month, p10_date, p50_date, planned_date, add_by of a limit, see headroom';
comment on column scenario_result.subject is 'metric: cost_ and the currency in lower case, the requests, or what the limit is on';
comment on column scenario_result.period_start is 'first day of the month; of a limit, as_of';
comment on column scenario_result.unit is 'currency, currency a request, metric, ratio, units, USD or date';
comment on column scenario_result.baseline is 'without it, in the unit';
comment on column scenario_result.baseline_lo80 is 'lower end of its 80 % interval; null where it has none';
comment on column scenario_result.baseline_hi80 is 'upper end';
comment on column scenario_result.result is 'with it, in the unit';
comment on column scenario_result.result_lo80 is 'lower end of its 80 % interval';
comment on column scenario_result.result_hi80 is 'upper end';
comment on column scenario_result.change is 'result less baseline, in the unit, of the same futures';
comment on column scenario_result.change_lo80 is 'lower end of its 80 % interval';
comment on column scenario_result.change_hi80 is 'upper end';
comment on column scenario_result.baseline_date is 'date without it; null: not within 90 days';
comment on column scenario_result.result_date is 'date with it; null: not within 90 days';
comment on column scenario_result.assumption is 'what was taken for granted because nothing tells; null where nothing was';

create table if not exists team_month (
    team varchar not null,
    currency varchar not null,
    month date not null,
    actual decimal(38, 20),
    forecast double,
    lo80 double,
    hi80 double,
    budget decimal(38, 12),
    is_final boolean not null,
    primary key (team, currency, month)
);
comment on table team_month is 'What each team costs by month of the fiscal year, actual and forecast on one basis: use and its part of what is shared, without tax, credit, support; as the newest night knows. grain: team, currency, month';
comment on column team_month.team is 'team of the catalog, (no team) or (unallocated)';
comment on column team_month.currency is 'ISO 4217; never add over currencies';
comment on column team_month.month is 'first day of the month';
comment on column team_month.actual is 'effective cost so far, in the currency; null where nothing was charged';
comment on column team_month.forecast is 'the whole month, what is settled of it included, in the currency; null where the month is final or no forecast reaches its end';
comment on column team_month.lo80 is 'lower end of its 80 % interval, of joint futures of the team''s services';
comment on column team_month.hi80 is 'upper end of its 80 % interval';
comment on column team_month.budget is 'of the team, else of its services together, in the currency; null where there is none';
comment on column team_month.is_final is 'true where every day of the month is settled: actual is what it cost';
