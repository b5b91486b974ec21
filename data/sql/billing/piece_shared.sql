-- The pieces that have a day in common with another.
with shared as (
    select billing_period, date
    from piece_day
    group by all
    having count(*) > 1
)
select distinct piece
from piece_day
join shared using (billing_period, date)
order by piece
