-- How a run of a night ended.
update night
set state = $state, message = $message, finished_at = $finished_at
where run_id = $run_id
