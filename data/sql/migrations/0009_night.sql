-- A back-fill that was stopped goes on where it stopped; a night that was stopped is killed, not failed.
alter table night add column backfill varchar;
comment on column night.run_id is 'its name among releases and logs: as_of and an id of its own';
comment on column night.state is 'running, done, failed, or killed: it was stopped before its end; readers see only what is done';
comment on column night.message is 'why it failed or was stopped';
comment on column night.backfill is 'first and last day of the back-fill that it is part of, e.g. 2026-11-08/2026-11-10; null where it is of none';
