-- Pairs of pieces with days in common: how many lines they share, how many are of the same charge whatever it cost, what
-- the smaller one has on those days, how far each goes, and how many lines and invoiced lines each has.
with pair as (
    select distinct a.piece as one, b.piece as other, a.billing_period, a.date
    from piece_day a
    join piece_day b on a.billing_period = b.billing_period and a.date = b.date and a.piece < b.piece
),
shared as (
    select a.piece as one, b.piece as other, sum(least(a.lines, b.lines))::bigint as lines
    from piece_line a
    join piece_line b
        on a.billing_period = b.billing_period and a.date = b.date and a.line = b.line and a.piece < b.piece
    group by all
),
charge as (
    select piece, billing_period, date, what, sum(lines)::bigint as lines
    from piece_line
    group by all
),
alike as (
    select a.piece as one, b.piece as other, sum(least(a.lines, b.lines))::bigint as lines
    from charge a
    join charge b on a.billing_period = b.billing_period and a.date = b.date and a.what = b.what and a.piece < b.piece
    group by all
),
day_line as (
    select piece, billing_period, date, sum(lines)::bigint as lines, sum(invoiced)::bigint as invoiced
    from piece_line
    group by all
),
common as (
    select p.one, p.other, sum(a.lines)::bigint as one_lines, sum(b.lines)::bigint as other_lines,
        sum(a.invoiced)::bigint as one_invoiced, sum(b.invoiced)::bigint as other_invoiced
    from pair p
    join day_line a on a.piece = p.one and a.billing_period = p.billing_period and a.date = p.date
    join day_line b on b.piece = p.other and b.billing_period = p.billing_period and b.date = p.date
    group by all
),
last_day as (
    select piece, max(date) as date
    from piece_day
    group by all
)
select c.one, c.other, coalesce(s.lines, 0) as shared, coalesce(k.lines, 0) as alike,
    least(c.one_lines, c.other_lines) as fewer, a.date, b.date,
    c.one_lines, c.other_lines, c.one_invoiced, c.other_invoiced
from common c
left join shared s using (one, other)
left join alike k using (one, other)
join last_day a on a.piece = c.one
join last_day b on b.piece = c.other
order by all
