-- What each file holds: how many rows can be used, how many cannot and why.
select file, reason, count(*) as rows, min(stamp) as first_utc, max(stamp) as last_utc,
    min(
        case when reason is not null
            then concat_ws(
                ', ', service, metric, coalesce(stamp_text, stamp::varchar, '(no time)'),
                coalesce(value_text, value::varchar, '(no value)')
            )
        end
    ) as example
from classified('raw_sample')
group by file, reason
