-- Environments of charges; how much a score leaves out; scenarios of teams and of everything.
alter table charge_day add column environment varchar;
alter table cost_day add column environment varchar;
alter table forecast_score add column if not exists left_out bigint;

-- A key is not altered in place: the table is written anew. Before version 3 there was none.
create table if not exists scenario_result (
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
alter table scenario_result add column if not exists scope varchar;
create table scenario_result_of_scope (
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
insert into scenario_result_of_scope by name
select * replace (coalesce(scope, 'service') as scope) from scenario_result;
drop table scenario_result;
alter table scenario_result_of_scope rename to scenario_result;
