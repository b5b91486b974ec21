-- The types of credits that are not in Google's list, see gcp.sql.
with given as (
    select distinct unnest(
        from_json(json_of(credits), '[{"amount": "VARCHAR", "type": "VARCHAR"}]')
    ).type as type
    from gcp_line
    where credits is not null and credits <> '[]'
)
select coalesce(type, '(none)') as type
from given
where type is null or type not in (
    'COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE', 'DISCOUNT', 'FEE_UTILIZATION_OFFSET', 'FREE_TIER',
    'PROMOTION', 'RESELLER_MARGIN', 'SUBSCRIPTION_BENEFIT', 'SUSTAINED_USAGE_DISCOUNT'
)
order by type
