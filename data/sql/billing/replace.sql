delete from charge_day where source = $source and billing_period = $billing_period;
insert into charge_day by name from charge_new where billing_period = $billing_period;
update billing_load set is_current = false where source = $source and billing_period = $billing_period and is_current;
delete from billing_load
where source = $source and billing_period = $billing_period and execution_id = $execution_id
