-- Nights, checks and sources: what ran, and how fresh.

create table if not exists input_issue (
    source varchar not null,
    file varchar not null,
    severity varchar not null,
    reason varchar not null,
    rows bigint not null,
    example varchar
);
comment on table input_issue is 'What was wrong with the last delivery of each source. grain: source, file, severity, reason';
comment on column input_issue.source is 'name of the source in the configuration';
comment on column input_issue.file is 'file, or the part of the source it was found in';
comment on column input_issue.severity is 'rejected: the rows are not in the tables; warning: they are, normalised';
comment on column input_issue.reason is 'what is wrong with them';
comment on column input_issue.rows is 'how many rows';
comment on column input_issue.example is 'one of them, as it was found';

create table if not exists night (
    run_id varchar primary key,
    as_of date not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    version varchar not null,
    message varchar,
    backfill varchar
);
comment on table night is 'Every run. grain: run_id';
comment on column night.run_id is 'its name among releases and logs: as_of and an id of its own';
comment on column night.as_of is 'the first moment not known to it';
comment on column night.started_at is 'UTC';
comment on column night.finished_at is 'UTC; null while it runs, or where it was killed';
comment on column night.state is 'running, done, failed, or killed: it was stopped before its end; readers see only what is done';
comment on column night.version is 'of this program';
comment on column night.backfill is 'first and last day of the back-fill that it is part of, e.g. 2026-11-08/2026-11-10; null where it is of none';
comment on column night.message is 'why it failed or was stopped';

create table if not exists check_result (
    as_of date not null,
    name varchar not null,
    severity varchar not null,
    rows bigint not null,
    example varchar,
    primary key (as_of, name)
);
comment on table check_result is 'What each check of data/sql/checks found. grain: as_of, name';
comment on column check_result.as_of is 'the night';
comment on column check_result.name is 'file of the check';
comment on column check_result.severity is 'stop: the night does not publish; warn: it does';
comment on column check_result.rows is 'rows that break the rule; 0 is good';
comment on column check_result.example is 'one of them';

create table if not exists source_state (
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
comment on table source_state is 'How each source did and how fresh it is. grain: as_of, source';
comment on column source_state.as_of is 'the night';
comment on column source_state.source is 'name of the source in the configuration';
comment on column source_state.kind is 'kind of the source in the configuration';
comment on column source_state.state is 'fresh, stale (readable, but nothing new) or failed (what is stored is from an earlier night)';
comment on column source_state.newest_utc is 'end of the newest hour or day stored from it';
comment on column source_state.age_hours is 'hours between that and as_of';
comment on column source_state.rows_read is 'rows or lines of the last good read';
comment on column source_state.rows_rejected is 'rows that are not in the tables, see input_issue';
comment on column source_state.rows_duplicate is 'exact repeats, counted once';
comment on column source_state.error is 'why it failed';
comment on column source_state.calls is 'calls to the vendor that the last good read took; null where it reads files';
comment on column source_state.calls_cost_usd is 'USD at the vendor''s list price; null where calls are free';
