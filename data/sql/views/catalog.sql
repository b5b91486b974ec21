-- What is derived from the catalog.

create view removed_source as
select source from source where not is_configured;
comment on view removed_source is 'Sources that the configuration no longer names: their bills do not count';
