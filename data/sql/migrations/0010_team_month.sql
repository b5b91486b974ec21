-- What each team costs by month.
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
