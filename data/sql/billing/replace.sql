delete from charge_day where source = $source and billing_period = $billing_period;
insert into charge_day by name
select * exclude (lines_without_invoice) from charge_new where billing_period = $billing_period;
update billing_load set is_current = false where source = $source and billing_period = $billing_period and is_current;
