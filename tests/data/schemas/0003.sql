-- The tables as version 3 had them.

create table anomaly (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    kind varchar not null,
    direction varchar not null,
    expected double not null,
    actual double not null,
    impact double not null,
    unit varchar not null,
    score double not null,
    cause varchar not null,
    is_muted boolean not null,
    muted_by varchar,
    first_seen date not null,
    primary key (as_of, service, metric, from_utc)
);

create table anomaly_part (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    place integer not null,
    owner varchar not null,
    provider varchar,
    account varchar,
    product varchar,
    region varchar,
    usage_type varchar,
    impact double not null,
    primary key (as_of, service, metric, from_utc, place)
);

create table anomaly_band (
    service varchar not null,
    metric varchar not null,
    from_utc timestamp not null,
    time_utc timestamp not null,
    part varchar,
    actual double,
    expected double,
    lo double,
    hi double,
    primary key (service, metric, from_utc, time_utc)
);

create table anomaly_ack (
    service varchar not null,
    metric varchar,
    first_day date not null,
    last_day date not null,
    reason varchar not null
);

create table anomaly_minimum (
    service varchar primary key,
    minimum_impact double not null
);

create table service (
    service varchar primary key,
    is_catalogued boolean not null,
    tier integer,
    team varchar,
    country varchar,
    request_metric varchar,
    minimum_requests_day double,
    accounts varchar[] not null,
    aliases varchar[] not null,
    shared_rule varchar,
    is_telemetry boolean not null,
    target_cost_per_million_usd double,
    budget_usd_month decimal(38, 12),
    timezone varchar
);

create table shared_share (
    service varchar not null,
    recipient varchar not null,
    share decimal(18, 9) not null,
    primary key (service, recipient)
);

create table shared_component (
    service varchar not null,
    component varchar not null,
    rule varchar not null,
    primary key (service, component)
);

create table metric (
    metric varchar primary key,
    kind varchar not null
);

create table event (
    name varchar not null,
    first_day date not null,
    last_day date not null,
    service varchar
);

create table capacity_limit (
    service varchar not null,
    metric varchar not null,
    valid_from date not null,
    limit_value double not null,
    lead_time_days integer not null,
    unit_cost_usd_month decimal(38, 12),
    source varchar,
    units double,
    is_declared boolean,
    primary key (service, metric, valid_from)
);

create table source (
    source varchar primary key,
    kind varchar,
    is_configured boolean not null
);

create table budget (
    scope varchar not null,
    name varchar not null,
    period varchar not null,
    currency varchar not null,
    amount decimal(38, 12) not null,
    valid_from date not null,
    valid_until date,
    primary key (scope, name, period, currency, valid_from)
);

create table scenario_change (
    scenario varchar not null,
    kind varchar not null,
    service varchar not null,
    first_day date not null,
    last_day date,
    place integer not null,
    what varchar not null,
    subject varchar,
    factor double,
    amount double,
    discount double,
    share double,
    from_region varchar,
    to_region varchar,
    primary key (scenario, service, place)
);

create table commitment_option (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    discount double not null,
    risk varchar not null,
    level_usd_hour_on_demand double not null,
    commit_usd_hour double not null,
    owned_usd_hour double not null,
    to_buy_usd_hour double not null,
    expected_saving_usd_month double not null,
    worst5_saving_usd_month double not null,
    break_even_utilisation double not null,
    coverage double not null,
    utilisation double not null,
    demand_trend_ratio_year double not null,
    hours bigint not null,
    basis varchar not null,
    primary key (as_of, provider, scope, currency, term_years, risk)
);

create table commitment_purchase (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    risk varchar not null,
    month date not null,
    expiring_usd_hour double not null,
    buy_usd_hour double not null,
    owned_after_usd_hour double not null,
    primary key (as_of, provider, scope, currency, term_years, risk, month)
);

create table commitment_regret (
    as_of date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    term_years integer not null,
    level_usd_hour_on_demand double not null,
    cost_usd_month double not null,
    regret_usd_month double not null,
    regret95_usd_month double not null,
    is_option boolean not null,
    primary key (as_of, provider, scope, currency, term_years, level_usd_hour_on_demand)
);

create table commitment_month (
    month date not null,
    provider varchar not null,
    scope varchar not null,
    currency varchar not null,
    days integer not null,
    owned_cost decimal(38, 12) not null,
    used_cost decimal(38, 12) not null,
    unused_cost decimal(38, 12) not null,
    covered_list_cost decimal(38, 12) not null,
    eligible_list_cost decimal(38, 12) not null,
    utilisation double,
    coverage double,
    saving decimal(38, 12) not null,
    discount double,
    primary key (month, provider, scope, currency)
);

create table commitment_offer (
    provider varchar,
    term_years integer not null,
    discount double not null
);

create table billing_load (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    currency varchar not null,
    fingerprint varchar not null,
    files integer not null,
    lines bigint not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    lines_without_invoice bigint,
    last_charge_date date not null,
    delivered_at timestamp,
    loaded_at timestamp not null,
    is_current boolean not null,
    primary key (source, billing_period, execution_id, currency)
);

create table billing_load_day (
    source varchar not null,
    billing_period date not null,
    execution_id varchar not null,
    provider varchar,
    currency varchar not null,
    charge_date date not null,
    usage_cost decimal(38, 20)
);

create table charge_day (
    source varchar not null,
    billing_period date not null,
    charge_date date not null,
    owner_tag_key varchar,
    owner_tag varchar,
    provider varchar,
    account varchar,
    service_category varchar,
    product varchar,
    region varchar,
    charge_category varchar,
    charge_class varchar,
    pricing_category varchar,
    commitment_status varchar,
    consumed_unit varchar,
    currency varchar not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    consumed_quantity double,
    lines bigint not null,
    charge_kind varchar,
    rule_position integer
);

create table charge_hour (
    source varchar not null,
    billing_period date not null,
    hour_utc timestamp not null,
    provider varchar,
    service_category varchar,
    product varchar,
    region varchar,
    commitment_status varchar,
    currency varchar not null,
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    effective_cost decimal(38, 20)
);

create table commitment_bill (
    source varchar not null,
    billing_period date not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_option varchar,
    start_utc timestamp,
    end_utc timestamp,
    used_cost decimal(38, 20),
    unused_cost decimal(38, 20),
    upfront_cost decimal(38, 20),
    recurring_cost decimal(38, 20),
    hours double not null,
    primary key (source, billing_period, commitment_id, currency)
);

create table commitment (
    source varchar not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_option varchar,
    start_utc timestamp,
    end_utc timestamp,
    hourly_commitment decimal(38, 20),
    first_billing_period date,
    last_billing_period date,
    primary key (source, commitment_id, currency)
);

create table contract_commitment (
    source varchar not null,
    commitment_id varchar not null,
    currency varchar not null,
    provider varchar,
    account varchar,
    commitment_type varchar,
    commitment_category varchar,
    payment_model varchar,
    start_utc timestamp,
    end_utc timestamp,
    cost decimal(38, 20),
    quantity double,
    unit varchar,
    primary key (source, commitment_id, currency)
);

create table invoice_detail (
    source varchar not null,
    billing_period date not null,
    currency varchar not null,
    total decimal(38, 20) not null,
    invoices bigint not null,
    primary key (source, billing_period, currency)
);

create table billing_period_state (
    source varchar not null,
    billing_period date not null,
    is_closed boolean not null,
    updated_at timestamp,
    primary key (source, billing_period)
);

create table bill (
    source varchar not null,
    billing_period date not null,
    currency varchar not null,
    execution_id varchar not null,
    delivered_at timestamp,
    lines bigint not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    finality varchar not null,
    invoice_total decimal(38, 20),
    invoice_difference decimal(38, 20),
    primary key (source, billing_period, currency)
);

create table exchange_rate (
    date date not null,
    from_currency varchar not null,
    to_currency varchar not null,
    rate double not null,
    primary key (date, from_currency, to_currency)
);

create table cost_day (
    source varchar not null,
    billing_period date not null,
    charge_date date not null,
    service varchar not null,
    allocation_reason varchar not null,
    provider varchar,
    account varchar,
    service_category varchar,
    product varchar,
    region varchar,
    charge_category varchar,
    charge_class varchar,
    pricing_category varchar,
    commitment_status varchar,
    currency varchar not null,
    billed_cost decimal(38, 20) not null,
    effective_cost decimal(38, 20),
    list_cost decimal(38, 20),
    contracted_cost decimal(38, 20),
    consumed_quantity double,
    lines bigint not null,
    charge_kind varchar,
    consumed_unit varchar
);

create table built (
    name varchar primary key,
    fingerprint varchar not null
);

create table cost_service_day (
    service varchar not null,
    date date not null,
    component varchar not null,
    currency varchar not null,
    effective_cost decimal(38, 20),
    billed_cost decimal(38, 20) not null,
    is_settled boolean not null,
    primary key (service, date, component, currency)
);

create table unit_cost_day (
    service varchar not null,
    date date not null,
    requests double,
    direct_cost_usd decimal(38, 12),
    cost_usd decimal(38, 12),
    cost_per_request_usd double,
    cost_per_million_usd double,
    is_settled boolean not null,
    is_complete boolean,
    currency varchar,
    direct_cost decimal(38, 12),
    cost decimal(38, 12),
    cost_per_request double,
    cost_per_million double,
    primary key (service, date)
);

create table headroom (
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

create table advice (
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

create table month_cost (
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

create table capacity_trade (
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

create table scale_schedule (
    as_of date not null,
    service varchar not null,
    metric varchar not null,
    hour_of_week integer not null,
    units double not null,
    demand double not null,
    primary key (as_of, service, metric, hour_of_week)
);

create table use_per_request (
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

create table budget_status (
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

create table probability_reliability (
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

create table scenario_result (
    as_of date not null,
    scenario varchar not null,
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
    primary key (as_of, scenario, service, measure, subject, period_start)
);

create table team_month (
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

create table forecast (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    target_time timestamp not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    model varchar not null,
    origin varchar not null
);

create table forecast_fit (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    series_class varchar not null,
    model varchar not null,
    models_kept varchar[] not null,
    wape double,
    wape_naive double,
    mase double,
    coverage80 double,
    coverage95 double,
    history_points integer not null,
    seconds double not null,
    fallback_reason varchar,
    width80 double,
    width95 double,
    live_coverage80 double,
    live_coverage95 double,
    status varchar,
    timezone varchar,
    primary key (made_on, service, metric, grain)
);

create table forecast_score (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    points bigint not null,
    wape double,
    wape_naive double,
    mase double,
    bias double,
    pinball double,
    coverage80 double,
    coverage95 double,
    actual_total double,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);

create table forecast_miss (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    horizon_days integer not null,
    origin varchar not null,
    wape double not null,
    bias double,
    cause varchar not null,
    causes varchar[] not null,
    event varchar,
    outage_hours bigint,
    restated_ratio double,
    level_ratio double,
    primary key (made_on, service, metric, grain, horizon_days, origin)
);

create table forecast_path (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    seed bigint not null,
    short_correlation double not null,
    long_correlation double not null,
    origins timestamp[] not null,
    errors double[] not null,
    peak_errors double[] not null,
    primary key (made_on, service, metric, grain)
);

create table forecast_unsettled (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    target_time timestamp not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    primary key (made_on, service, metric, target_time)
);

create table forecast_sum (
    made_on date not null,
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    period_start date not null,
    known double not null,
    mean double not null,
    quantiles double[] not null,
    primary key (made_on, service, metric, grain, period_start)
);

create table event_suggestion (
    service varchar not null,
    metric varchar not null,
    name varchar not null,
    first_day date not null,
    last_day date not null,
    factor double not null,
    seen integer not null,
    configuration varchar not null,
    primary key (service, metric, first_day)
);

create table series_break (
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    kind varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    is_open boolean not null,
    factor double,
    level double,
    evidence double,
    primary key (service, metric, grain, kind, from_utc)
);

create table utilization_hour (
    service varchar not null,
    metric varchar not null,
    hour_utc timestamp not null,
    value_avg double not null,
    value_max double not null,
    value_p95 double not null,
    value_sum double not null,
    samples bigint not null,
    source varchar not null
);

create table utilization_flag (
    service varchar not null,
    metric varchar not null,
    source varchar not null,
    from_utc timestamp not null,
    to_utc timestamp,
    flag varchar not null,
    evidence double not null,
    primary key (service, metric, source, from_utc, flag)
);

create table utilization_watermark (
    source varchar not null,
    service varchar not null,
    metric varchar not null,
    question varchar not null,
    asked_until timestamp not null,
    primary key (source, service, metric)
);

create table utilization_file (
    source varchar not null,
    file varchar not null,
    size_bytes bigint not null,
    modified varchar not null,
    question varchar not null,
    first_utc timestamp,
    last_utc timestamp,
    known_until timestamp not null,
    rows_read bigint not null,
    rows_rejected bigint not null,
    rows_duplicate bigint not null,
    primary key (source, file)
);

create table metric_shape (
    source varchar not null,
    metric varchar not null,
    shape varchar not null,
    primary key (source, metric)
);

create table lineage (
    from_service varchar not null,
    to_service varchar not null,
    day date not null,
    share double not null,
    primary key (from_service, to_service, day)
);

create table inherited_actual (
    service varchar not null,
    metric varchar not null,
    grain varchar not null,
    time_utc timestamp not null,
    value double not null,
    primary key (service, metric, grain, time_utc)
);

create table risk (
    as_of date not null,
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    severity varchar not null,
    impact_usd double,
    probability double,
    act_by date,
    owner varchar,
    evidence varchar not null,
    first_seen date not null,
    trend_week varchar not null,
    primary key (as_of, kind, service, subject)
);

create table decision_log (
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    advised_on date not null,
    advice varchar not null,
    act_by date,
    state varchar not null,
    followed_on date,
    effect_usd_month double,
    evidence varchar not null,
    primary key (kind, service, subject, advised_on)
);

create table input_issue (
    source varchar not null,
    file varchar not null,
    severity varchar not null,
    reason varchar not null,
    rows bigint not null,
    example varchar
);

create table night (
    run_id varchar primary key,
    as_of date not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    version varchar not null,
    message varchar,
    backfill varchar
);

create table check_result (
    as_of date not null,
    name varchar not null,
    severity varchar not null,
    rows bigint not null,
    example varchar,
    primary key (as_of, name)
);

create table source_state (
    as_of date not null,
    source varchar not null,
    kind varchar not null,
    state varchar not null,
    newest_utc timestamp,
    age_hours double,
    rows_read bigint not null,
    rows_rejected bigint not null,
    rows_duplicate bigint not null,
    error varchar,
    calls bigint,
    calls_cost_usd double,
    primary key (as_of, source)
);

create table unit_cost_change (
    scope varchar not null,
    service varchar not null,
    month date not null,
    currency varchar not null,
    days_before integer not null,
    days_after integer not null,
    is_running boolean not null,
    list_before decimal(38, 12) not null,
    list_after decimal(38, 12) not null,
    list_change decimal(38, 12) not null,
    price decimal(38, 12) not null,
    efficiency decimal(38, 12) not null,
    mix decimal(38, 12) not null,
    volume decimal(38, 12) not null,
    restatement decimal(38, 12) not null,
    discount decimal(38, 12) not null,
    cost_before decimal(38, 12) not null,
    cost_after decimal(38, 12) not null,
    change_a_day decimal(38, 12) not null,
    requests_before double,
    requests_after double,
    unit_cost_before double,
    unit_cost_after double,
    sentence varchar not null,
    primary key (scope, service, month, currency)
);

create table unit_cost_change_part (
    scope varchar not null,
    service varchar not null,
    month date not null,
    currency varchar not null,
    place integer not null,
    product varchar,
    region varchar,
    usage_unit varchar,
    list_change decimal(38, 12) not null,
    price decimal(38, 12) not null,
    efficiency decimal(38, 12) not null,
    mix decimal(38, 12) not null,
    volume decimal(38, 12) not null,
    restatement decimal(38, 12) not null,
    discount decimal(38, 12) not null,
    price_ratio double,
    cells bigint not null
);

create table unit_cost_status (
    as_of date not null,
    service varchar not null,
    unit varchar not null,
    currency varchar not null,
    unit_cost_7d double,
    unit_cost_28d double,
    trend_7d double,
    trend_28d double,
    mean_unit_cost double,
    marginal_unit_cost double,
    target_unit_cost double,
    target_status varchar,
    telemetry_ratio double,
    telemetry_budget_ratio double,
    telemetry_status varchar,
    non_production_cost decimal(38, 12),
    idle_cost decimal(38, 12),
    primary key (as_of, service, currency)
);

create table unit_cost_forecast (
    as_of date not null,
    service varchar not null,
    period varchar not null,
    period_start date not null,
    unit varchar not null,
    currency varchar not null,
    mean double not null,
    lo80 double not null,
    hi80 double not null,
    lo95 double not null,
    hi95 double not null,
    cost double not null,
    units double not null,
    correlation double not null,
    primary key (as_of, service, period, period_start, currency)
);

create table unit_cost_budget (
    service varchar primary key,
    telemetry_ratio double not null
);

create table non_production_account (
    account varchar primary key
);
