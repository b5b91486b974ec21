-- A window of an allocation that is longer than a day: its parts cannot be told by the day.
select window_start
from allocation_line
where try_cast(window_end as timestamptz) > try_cast(window_start as timestamptz) + interval 1 day + interval 1 second
limit 1
