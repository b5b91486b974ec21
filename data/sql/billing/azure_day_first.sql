-- A date of a file whose dates make more sense with the day first: all of them can be read so, and are of fewer months then.
-- Dates that are all the first of a month are what they seem.
with found as (
    select usage_date as text from azure_line
    union
    select period_start from azure_line
),
read as (
    select text, try_strptime(text, '%m/%d/%Y') as month_first, try_strptime(text, '%d/%m/%Y') as day_first
    from found
    where contains(text, '/')
)
select max(text)
from read
having bool_and(month_first is not null and day_first is not null)
    and bool_or(day(month_first) <> 1)
    and count(distinct date_trunc('month', month_first)) > count(distinct date_trunc('month', day_first))
