-- The night that the snapshot is of. Null where no night has run.
select coalesce(
    (select max(as_of) from night where state = 'done'),
    (select max(made_on) from forecast where origin = 'live'),
    (select max(as_of) from source_state)
) as as_of
