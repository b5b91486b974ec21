-- A report without split cost allocation: every line is what it is.
select *, null::varchar as split_cost, null::decimal(38, 20) as given_away
from cur_found
