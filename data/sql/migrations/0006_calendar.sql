alter table service add column timezone varchar;
comment on column service.timezone is 'IANA name of the zone whose clock its load follows; null: that of its country, else what the load shows where clocks change, else UTC';
