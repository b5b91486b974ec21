delete from charge_day where source = $source and billing_period = $billing_period;
insert into charge_day by name
select * exclude (node, lines_without_invoice, unspread_cost, has_unspread) from charge_new where billing_period = $billing_period;
delete from charge_hour where source = $source and billing_period = $billing_period;
insert into charge_hour by name from charge_hour_new where billing_period = $billing_period;
delete from commitment_bill where source = $source and billing_period = $billing_period;
insert into commitment_bill by name
select * exclude (purchase_cost) from commitment_new where billing_period = $billing_period;
update billing_load set is_current = false where source = $source and billing_period = $billing_period and is_current;
