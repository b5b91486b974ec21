-- What a million units cost over 28 settled days against the 28 before and against the target, as it was decided, and
-- its days for a sparkline.
with day as (
    select service, currency, list(cost_per_million order by date) as days, list(date order by date) as dates
    from unit_cost_day
    where is_settled and cost_per_million is not null and date < $as_of
        and date > (select max(date) from unit_cost_day where is_settled and date < $as_of) - 28
    group by all
)
select u.service, u.unit, u.currency, u.unit_cost_28d * 1e6 as unit_cost_28d, u.trend_28d,
    u.target_unit_cost * 1e6 as target_unit_cost, u.target_status, d.days, d.dates
from current_unit_cost_status u
left join day d using (service, currency)
order by u.service, u.target_status nulls last, u.currency
