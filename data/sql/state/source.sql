-- The sources of the configuration, and others that are known from earlier nights.
with earlier as (
    select source, last(kind order by as_of) as kind from source_state group by source
    union all
    select distinct source, null from billing_load anti join source_state using (source)
)
select source, kind, true as is_configured from configured_source
union all
select source, kind, false from earlier anti join configured_source using (source)
