-- Why the sources of a night could not be read.
select error
from source_state
where as_of = $as_of and state = 'failed' and error is not null
order by source
