-- What each check of the newest night found.
select name, severity, rows, example
from check_result
where as_of = (select max(as_of) from check_result)
order by rows = 0, severity = 'warn', name
