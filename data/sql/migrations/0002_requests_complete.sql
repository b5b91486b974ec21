alter table unit_cost_day add column is_complete boolean;
