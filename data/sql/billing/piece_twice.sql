-- Pairs of pieces that are one bill in two forms, such as by the hour and by the day: on all days in common each account's
-- cost of each product is the same in both, in another number of lines. A single sum may be the same by chance.
with cost as (
    select piece, billing_period, date, owner, sum(lines)::bigint as lines, sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost
    from piece_line
    group by all
    having sum(lines) > 0
),
pair as (
    select distinct a.piece as one, b.piece as other, a.billing_period, a.date
    from cost a
    join cost b on a.billing_period = b.billing_period and a.date = b.date and a.piece < b.piece
),
compared as (
    select p.one, p.other, p.date, a.owner, a.lines as one_lines, b.lines as other_lines,
        b.owner is not null and abs(a.billed_cost - b.billed_cost) <= 1e-9 * abs(a.billed_cost)
            and abs(a.effective_cost - b.effective_cost) <= 1e-9 * abs(a.effective_cost) as is_same
    from pair p
    join cost a on a.piece = p.one and a.billing_period = p.billing_period and a.date = p.date
    left join cost b
        on b.piece = p.other and b.billing_period = p.billing_period and b.date = p.date and b.owner = a.owner
    union all
    select p.one, p.other, p.date, b.owner, 0, b.lines, false
    from pair p
    join cost b on b.piece = p.other and b.billing_period = p.billing_period and b.date = p.date
    anti join cost a
        on a.piece = p.one and a.billing_period = p.billing_period and a.date = p.date and a.owner = b.owner
)
select one, other, count(distinct date) as days
from compared
group by all
having bool_and(coalesce(is_same, false)) and sum(one_lines) <> sum(other_lines) and count(*) > 1
order by all
