-- How a run of a night ended.
update night
set state = $state, message = $message, finished_at = now() at time zone 'UTC'
where run_id = $run_id
