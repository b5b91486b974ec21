-- Lines and sums of the files against those of what was grouped, cleaned and spread, whatever their currency: a row means
-- that they differ, and reconcile.sql says where. Plain sums take half the time of sums by month and currency.
with in_files as (
    select count(*) as lines, sum(billed_cost)::decimal(38, 20) as billed, sum(effective_cost)::decimal(38, 20) as effective
    from charge_line
),
loaded as (
    select coalesce(sum(lines), 0) as lines, sum(billed_cost) as billed, sum(effective_cost) as effective
    from charge_new
)
select f.lines
from in_files f, loaded l
where f.lines is distinct from l.lines or f.billed is distinct from l.billed or f.effective is distinct from l.effective
