-- A made-up estate around the table `spec`: load with a day, a week, growth and noise; bills; forecasts of the same
-- formula, made now and earlier. Noise is a hash, so that every run makes the same.
create temp macro noise(name, moment) as (hash(name || moment::varchar) % 2000)::double / 1000 - 1;
create temp macro shape(base, growth, moment, as_of) as
    base * (1 + 0.45 * sin(2 * pi() * (hour(moment) - 9) / 24)) * case when isodow(moment) < 6 then 1 else 0.8 end
    * (1 + growth * date_diff('day', as_of, moment) / 100);

insert into service (
    service, is_catalogued, tier, team, country, request_metric, minimum_requests_day, accounts, aliases, shared_rule,
    is_telemetry, target_cost_per_million_usd, budget_usd_month
)
select service, tier is not null, tier, team, null, case when tier is not null then 'requests' end, 1, [], [], null, false, target,
    budget
from spec where service <> '(unallocated)';

insert into metric values ('requests', 'count'), ('cpu', 'gauge');

insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days, unit_cost_usd_month)
select service, 'cpu', $as_of - 60, cpu_limit, 14, 900 from spec where cpu_limit is not null;

create temp table load_hour as
select s.service, m.metric, h.hour_utc, s.rough,
    case m.metric when 'requests' then shape(s.requests, s.growth, h.hour_utc, $as_of)
    else shape(s.cpu, s.growth, h.hour_utc, $as_of) end as mean
from spec s, (values ('requests'), ('cpu')) m(metric),
    (select unnest(generate_series($as_of - $days, $as_of + interval 95 days, interval 1 hour)) as hour_utc) h
where s.requests is not null;

insert into utilization_hour (
    service, metric, hour_utc, value_avg, value_max, value_p95, value_sum, samples, source
)
select service, metric, hour_utc, value, value * 1.08, value * 1.05, value * 12, 12, 'metrics'
from (
    select *, mean * (1 + rough * noise(service || metric, hour_utc))
        -- Half as many again since nine days: what every earlier forecast missed.
        * case when service = 'media' and metric = 'requests' and hour_utc >= $as_of - 9 then 1.5 else 1 end as value
    from load_hour
    where hour_utc < $as_of
        -- The exporter was down: hours without a row.
        and not (hour_utc >= $as_of - 12 and hour_utc < $as_of - 10 and service in (select service from spec where gap))
        -- Its exporter was taken away, and nobody put it back.
        and not (hour_utc >= $as_of - 3 and service = 'only-load' and metric = 'cpu')
);

insert into cost_service_day (service, date, component, currency, effective_cost, billed_cost, is_settled)
select s.service, d.date, c.component, s.currency,
    round(
        case c.component
            when 'tax' then s.cost * 3
            when 'credit' then -s.cost * 2
            else s.cost * (1 + s.growth * date_diff('day', $as_of, d.date) / 100) * (1 + 0.04 * noise(s.service, d.date))
                * case when d.date >= $as_of - 1 then 0.4 else 1 end
        end, 6
    )::decimal(38, 12) as effective_cost,
    round(s.cost, 6)::decimal(38, 12), d.date < $as_of - 3
from spec s, (select unnest(generate_series($as_of - $days, $as_of - 1, interval 1 day))::date as date) d,
    (values ('direct'), ('tax'), ('credit')) c(component)
where s.cost is not null and (
    c.component = 'direct' or (c.component = 'tax' and day(d.date) = 3) or (c.component = 'credit' and day(d.date) = 12)
);
-- What is shared leaves one service and reaches another.
insert into cost_service_day (service, date, component, currency, effective_cost, billed_cost, is_settled)
select unnest(['only-cost', 'search']), date, 'shared', currency, unnest([-effective_cost, effective_cost]),
    unnest([-billed_cost, billed_cost]), is_settled
from cost_service_day
where service = 'only-cost' and component = 'direct';
-- Billed in two currencies at once.
insert into cost_service_day (service, date, component, currency, effective_cost, billed_cost, is_settled)
select service, date, component, 'EUR', effective_cost / 10, billed_cost / 10, is_settled
from cost_service_day
where service = (select service from spec where currency = 'USD' and gap order by all limit 1) and component = 'direct';

-- The bill behind it: each service's own charges, over two products.
insert into cost_day (
    source, billing_period, charge_date, service, allocation_reason, provider, account, service_category, product, region,
    charge_category, currency, billed_cost, effective_cost, list_cost, contracted_cost, lines
)
select 'aws', date_trunc('month', date), date, service, 'tag service', 'AWS', 'account ' || hash(service) % 3,
    case when part = 1 then 'Compute' else 'Storage' end, case when part = 1 then 'Compute <b>' else 'Disks' end, 'eu-1',
    case component when 'tax' then 'Tax' when 'credit' then 'Credit' else 'Usage' end, currency,
    effective_cost / 2, effective_cost / 2, effective_cost * 0.65, effective_cost * 0.6, 3
from cost_service_day, range(1, 3) p(part)
where component in ('direct', 'tax', 'credit');

create temp table night_made as
select unnest([$as_of, $as_of - 7, $as_of - 28, $as_of - 56, $as_of - 84]) as made_on,
    unnest(['live', 'live', 'live', 'backtest', 'backtest']) as origin;

insert into forecast (
    made_on, service, metric, grain, target_time, mean, lo80, hi80, lo95, hi95, model, origin
)
with hourly as (
    select service, metric, 'h' as grain, hour_utc as target_time, mean * case metric when 'requests' then 12 else 1 end as mean, rough
    from load_hour
),
daily as (
    select service, metric, 'd', target_time::date::timestamp,
        case metric when 'requests' then sum(mean) else max(mean) * 1.08 end, any_value(rough)
    from hourly
    group by service, metric, target_time::date
),
cost as (
    select service, 'cost_' || lower(currency), 'd', d.date::timestamp,
        cost * (1 + growth * date_diff('day', $as_of, d.date) / 100), 0.04
    from spec, (select unnest(generate_series($as_of - $days, $as_of + interval 95 days, interval 1 day))::date as date) d
    where cost is not null
    union all
    select '(total)', 'cost_' || lower(currency), 'd', d.date::timestamp,
        sum(cost * (1 + growth * date_diff('day', $as_of, d.date) / 100)), 0.04
    from spec, (select unnest(generate_series($as_of - $days, $as_of + interval 95 days, interval 1 day))::date as date) d
    where cost is not null
    group by currency, d.date
),
monthly as (
    select service, metric, 'm', date_trunc('month', date), sum(mean), 0.01
    from (select service, metric, date, mean from cost as c(service, metric, grain, date, mean, width))
    group by all
    having count(*) >= 28
),
point as (
    select * from hourly union all select * from daily union all select * from cost union all select * from monthly
)
select made_on, service, metric, grain, target_time, mean * slip, mean * slip * (1 - 1.3 * width), mean * slip * (1 + 1.3 * width),
    mean * slip * (1 - 2 * width), mean * slip * (1 + 2 * width), case when rough > 0.2 then 'seasonal_naive' else 'stl_ets+autoreg' end,
    origin
from (
    select *, 1 + 0.03 * noise(service, made_on) as slip,
        (rough * 0.6 + 0.02) * (1 + date_diff('day', made_on, target_time) / 60) as width
    from point, night_made
) f
where target_time >= made_on and target_time < made_on + case grain when 'h' then 14 else 90 end
    and (grain = 'd' or (grain = 'h') = (made_on = $as_of));

insert into forecast_fit (
    made_on, service, metric, grain, series_class, model, models_kept, wape, wape_naive, mase, coverage80, coverage95,
    history_points, seconds, fallback_reason
)
select $as_of, service, metric, grain, case when any_value(hi95 - lo95) > 0.6 * any_value(mean) then 'spiky' else 'stable' end,
    any_value(model), [any_value(model)], 0.06, 0.09, 0.8, 0.81, 0.94, 2000, 0.4,
    case when any_value(model) = 'seasonal_naive' then 'stl_ets: <b>did not converge</b>' end
from forecast
where made_on = $as_of
group by service, metric, grain;

insert into headroom (
    made_on, service, metric, limit_value, peak_now, quantile, peak_forecast, headroom_ratio, p10_date, p50_date, p90_date,
    probability_30d, probability_60d, probability_90d, act_by, planned_date, add_by, units_to_add, usd_month, peak_since
)
with peak as (
    select service, max(value_max) as peak_now from utilization_hour
    where metric = 'cpu' and hour_utc >= $as_of - 7 group by all
),
ahead as (
    select service, max(hi95) as peak_forecast, max(mean) as top,
        min(target_time::date) filter (where hi80 >= l.limit_value) as p10,
        min(target_time::date) filter (where mean >= l.limit_value) as p50,
        min(target_time::date) filter (where lo80 >= l.limit_value) as p90
    from forecast join capacity_limit l using (service, metric)
    where made_on = $as_of and grain = 'd' and metric = 'cpu' group by all
)
select $as_of, l.service, 'cpu', l.limit_value, peak_now, case s.tier when 0 then 0.99 when 1 then 0.95 else 0.9 end, peak_forecast,
    1 - peak_forecast / l.limit_value, p10, p50, p90,
    case when p50 < $as_of + 30 then 0.7 when p10 < $as_of + 30 then 0.2 else 0.0 end,
    case when p50 < $as_of + 60 then 0.7 when p10 < $as_of + 60 then 0.25 else 0.002 end,
    case when p50 is not null then 0.8 when p10 is not null then 0.3 else 0.004 end,
    p10 - l.lead_time_days, planned, planned - l.lead_time_days, case when planned is not null then 0.1 end,
    case when planned is not null then 90 end, $as_of - 7
from capacity_limit l
left join peak using (service)
left join (
    select *, coalesce(p10, case when peak_forecast > 0.8 then $as_of + 70 end) as planned from ahead
) using (service)
left join spec s on s.service = l.service;

insert into source_state
    (as_of, source, kind, state, newest_utc, age_hours, rows_read, rows_rejected, rows_duplicate, error) values
    ($as_of, 'metrics', 'files', 'fresh', $as_of, 0, 115200, 5, 12, null),
    ($as_of, 'aws', 'focus', 'fresh', $as_of - 1, 24, 8000, 0, 0, null),
    ($as_of, 'oci <b>', 'focus', 'failed', $as_of - 6, 144, 0, 0, 0, 'bills/oci.csv: column EffectiveCost is missing; <script>alert(1)</script>');
insert into input_issue (source, file, severity, reason, rows, example) values
    ('metrics', 'recent.csv.gz', 'rejected', 'not a number', 3, 'NaN'),
    ('metrics', 'recent.csv.gz', 'rejected', 'stamp after as_of', 2, '2027-01-01T00:00:00Z,<img src=x onerror=alert(1)>'),
    ('aws', '2026-10', 'warning', 'literal NULL read as null', 40, 'NULL');
insert into billing_load (
    source, billing_period, execution_id, currency, fingerprint, files, lines, billed_cost, effective_cost, list_cost,
    lines_without_invoice, last_charge_date, delivered_at, loaded_at, is_current
)
with period as (
    select unnest(
        generate_series(date_trunc('month', $as_of) - interval 4 months, date_trunc('month', $as_of), interval 1 month)
    ) as month
)
select 'aws', month::date, '2026-' || n || '-0000-3b92', 'USD', 'f', 2, 1400, 31000.12 + n, 29000.5, 34000, 0,
    (month + interval 29 days)::date, month + interval 36 days + n * interval 1 day, month + interval 39 days, n = 2
from period, range(1, 3) r(n);
insert into check_result (as_of, name, severity, rows, example) values
    ($as_of, 'grain_cost_day', 'stop', 0, null),
    ($as_of, 'service_without_load', 'warn', 2, '{service: <i>, metric: requests}');
insert into night (run_id, as_of, started_at, finished_at, state, version, message) values
    ('run-1', $as_of - 1, $as_of - 1 + interval 2 hours, $as_of - 1 + interval 125 minutes, 'done', '0.1.0', null),
    ('run-0', $as_of - 2, $as_of - 2 + interval 2 hours, $as_of - 2 + interval 121 minutes, 'failed', '0.1.0', 'disk full <b>'),
    ('run-2', $as_of, $as_of + interval 2 hours, $as_of + interval 125 minutes, 'done', '0.1.0', null),
    ('run-3', $as_of + 1, $as_of + 1 + interval 2 hours, null, 'killed', '0.1.0', null);

insert into unit_cost_change (
    scope, service, month, currency, days_before, days_after, is_running, list_before, list_after, list_change, price,
    efficiency, mix, volume, restatement, discount, cost_before, cost_after, change_a_day, requests_before, requests_after,
    unit_cost_before, unit_cost_after, sentence
)
select scope, service, date '2026-10-01', currency, 30, 31, false, size * 1.2, size * 1.32, size * 0.12, size * 0.05,
    -size * 0.03, size * 0.01, size * 0.09, 0, -size * 0.02, size, size * 1.1, size * 0.001, 1e6, 1.1e6, size / 1e6,
    size / 1e6 * 0.98, service || ' cost 10 % more, most of it volume <i>'
from (
    values ('total', '(total)', 'USD', 16000), ('total', '(total)', 'EUR', 1200), ('service', 'checkout', 'USD', 2600),
        ('service', '<script>alert(1)</script>', 'USD', 120), ('team', 'payments', 'USD', 2600)
) v(scope, service, currency, size);
insert into unit_cost_change_part
select scope, service, month, currency, place, case place when 0 then null else 'Compute <b>' end, 'eu-1', 'Hours',
    list_change / 2, price / 2, efficiency / 2, mix / 2, volume / 2, restatement / 2, discount / 2, 0.04, 3
from unit_cost_change, range(0, 2) p(place)
where scope = 'total';
insert into unit_cost_status (
    as_of, service, unit, currency, unit_cost_7d, unit_cost_28d, trend_7d, trend_28d, mean_unit_cost, marginal_unit_cost,
    target_unit_cost, target_status, telemetry_ratio
) values
    ($as_of, 'checkout', 'requests', 'USD', 8.2e-6, 8.1e-6, 0.01, 0.02, 8e-6, 3e-6, 6e-6, 'missed', 0.04),
    ($as_of, 'search', 'requests', 'USD', 2.6e-6, 2.6e-6, 0.01, -0.02, 2.5e-6, null, null, null, null);
insert into unit_cost_forecast values
    ($as_of, 'checkout', 'q', '2027-01-01', 'requests', 'USD', 8.4e-6, 8e-6, 9e-6, 7.8e-6, 9.4e-6, 9000, 1e9, 0.4);
insert into series_break values
    ('search', 'cpu', 'h', 'outage', $as_of - 40, ($as_of - 40)::timestamp + interval 5 hours, false, 0.05, -0.3, 9.1),
    ('search', 'cpu', 'd', 'outage', $as_of - 40, $as_of - 39, false, 0.4, -0.2, 6.5),
    ('search', 'cpu', 'd', 'step', $as_of - 20, null, false, 1.3, 0.1, null),
    ('media', 'requests', 'h', 'excursion', $as_of - 9, null, true, 1.5, 4e5, 12.0);
insert into commitment values
    ('aws', 'arn:aws:savingsplans::1:savingsplan/<b>', 'USD', 'AWS', '1', 'Compute Savings Plan', 'Spend', 'No Upfront', '2025-12-10', '2026-12-10', 1.5, '2026-07-01', '2026-11-01'),
    ('aws', 'ri-2', 'USD', 'AWS', '1', 'Reserved Instance', 'Usage', 'All Upfront', '2025-01-01', '2028-01-01', null, '2026-07-01', '2026-11-01');
insert into anomaly (
    as_of, service, metric, from_utc, to_utc, kind, direction, expected, actual, impact, unit, score, cause, is_muted,
    muted_by, first_seen
) values
    ($as_of, 'media', 'requests', $as_of - 9, null, 'step', 'up', 2e8, 3e8, 1e8, 'requests', 3.1, 'load', false, null, $as_of - 8),
    ($as_of, 'checkout', 'cost_usd', $as_of - 20, $as_of - 17, 'spike', 'up', 240, 390, 150, 'USD', 2.2, 'use', false, null, $as_of - 16),
    ($as_of, 'ads', 'cost_usd', $as_of - 30, $as_of - 29, 'spike', 'up', 40, 90, 50, 'USD', 1.6, 'use', true, 'event sale <b>', $as_of - 27);
insert into anomaly_band
select service, metric, from_utc, time_utc, null, if(time_utc >= from_utc, 1.5, 1.02) * expected, expected, 0.8 * expected, 1.2 * expected
from (
    select 'media' as service, 'requests' as metric, ($as_of - 9)::timestamp as from_utc, 1e6 as expected,
        unnest(generate_series($as_of - 16, $as_of - interval 1 hour, interval 1 hour)) as time_utc
    union all
    select 'checkout', 'cost_usd', ($as_of - 20)::timestamp, 80, unnest(generate_series($as_of - 55, $as_of - 18, interval 1 day))
);
insert into anomaly_part values
    ($as_of, 'checkout', 'cost_usd', $as_of - 20, 1, 'checkout', 'AWS', '1', 'Compute <img src=x>', 'eu-1', null, 140);
insert into commitment_option (
    as_of, provider, scope, currency, term_years, discount, risk, level_usd_hour_on_demand, commit_usd_hour, owned_usd_hour,
    to_buy_usd_hour, expected_saving_usd_month, worst5_saving_usd_month, break_even_utilisation, coverage, utilisation,
    demand_trend_ratio_year, hours, basis
) values
    ($as_of, 'AWS', 'Compute', 'USD', 1, 0.28, 'neutral', 4, 2.9, 1, 1.9, 640, -40, 0.72, 0.7, 0.96, 0.1, 2000, 'hourly charges');
insert into commitment_regret
select $as_of, 'AWS', 'Compute', 'USD', 1, level, 3000, (level - 4) * (level - 4) * 20, (level - 4) * (level - 4) * 50 + 30, level = 4
from (select unnest(range(0, 9))::double as level);
insert into commitment_purchase values ($as_of, 'AWS', 'Compute', 'USD', 1, 'neutral', '2026-12-01', 0.5, 0.9, 1.4);
insert into commitment_month values
    ('2026-10-01', 'AWS', 'Compute', 'USD', 31, 720, 690, 30, 1000, 1400, 0.958, 0.714, 280, 0.31);
insert into risk values
    ($as_of, 'breach', 'checkout', 'cpu', 'high', 4200, 1, $as_of - 14, 'payments', 'cpu of checkout passed its limit: headroom', $as_of - 6, 'up'),
    ($as_of, 'anomaly', '<script>alert(1)</script>', 'cost', 'low', null, null, null, null, 'a <b>step</b> of cost', $as_of, 'new'),
    ($as_of - 1, 'breach', 'checkout', 'cpu', 'high', 4100, 1, $as_of - 14, 'payments', 'cpu of checkout: headroom', $as_of - 6, 'level');
insert into decision_log values
    ('capacity', 'checkout', 'cpu', $as_of - 40, 'Order more cpu by 16 Oct 2026', '2026-10-16', 'followed', $as_of - 25, 180.5, 'limit went from 0.7 to 0.8'),
    ('commitment', 'AWS', 'Compute', $as_of - 30, 'Buy 1.9 an hour', null, 'open', null, null, 'nothing was bought');
insert into capacity_trade
select $as_of, 'checkout', 'cpu', units, units * 900, 1 / (1 + exp(units * 4 - 4)), 1 / (1 + exp(units * 4 - 4.5)),
    1 / (1 + exp(units * 4 - 5)), 10, units = 0.8, units = 1.6
from (select unnest(range(2, 10)) * 0.2::double as units);
insert into budget_status (
    as_of, scope, name, period, period_start, currency, budget, spent, settled_until, is_final, forecast, lo80, hi80,
    probability_over, passed_on, forecast_last_month, drift
) values
    ($as_of, 'total', '(total)', 'm', '2026-11-01', 'USD', 17500, 9100, $as_of - 4, false, 17900, 17500, 18300, 0.9, '2026-11-29', 17600, 0.017),
    ($as_of, 'team', '<b>team</b>', 'm', '2026-11-01', 'USD', 900, 300, $as_of - 4, false, 700, 650, 760, 0.01, null, null, null);
insert into budget (scope, name, period, currency, amount, valid_from) values ('total', '(total)', 'm', 'USD', 17500, '2026-01-01');
insert into forecast_path values ($as_of, '(total)', 'cost_usd', 'd', 0, 0.3, 0.1, [], [], []);
