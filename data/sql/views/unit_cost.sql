-- The newest months and the newest night of unit cost.

create view current_unit_cost_change as
select u.*, s.team
from unit_cost_change u
left join service s using (service)
where u.month = (select max(month) from unit_cost_change);
comment on view current_unit_cost_change is 'The newest month against the one before, with the service''s team. e.g. select service, cost_after - cost_before as change, sentence from current_unit_cost_change where scope = ''service'' order by abs(change) desc limit 10';

create view current_unit_cost_change_part as
select *
from unit_cost_change_part
where month = (select max(month) from unit_cost_change);
comment on view current_unit_cost_change_part is 'The cells behind the newest month''s change. e.g. select product, region, price, price_ratio from current_unit_cost_change_part where scope = ''total'' and price <> 0 order by abs(price) desc';

create view current_unit_cost_status as
select u.*, s.tier, s.team
from unit_cost_status u
left join service s using (service)
where u.as_of = (select max(as_of) from unit_cost_status);
comment on view current_unit_cost_status is 'The newest night''s unit costs, with tier and team. e.g. select service, unit, unit_cost_28d, trend_28d, target_status from current_unit_cost_status order by trend_28d desc';

create view current_unit_cost_forecast as
select u.*, s.tier, s.team
from unit_cost_forecast u
left join service s using (service)
where u.as_of = (select max(as_of) from unit_cost_forecast);
comment on view current_unit_cost_forecast is 'The newest night''s forecasts of unit cost, with tier and team. e.g. select service, period, period_start, mean, lo80, hi80 from current_unit_cost_forecast order by service, period_start';
