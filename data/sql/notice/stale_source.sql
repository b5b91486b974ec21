-- Sources that could not be read or bring nothing new: what it is about, and how to say it.
select source as subject,
    'source ' || source || ' is ' || state || coalesce(', newest ' || strftime(newest_utc, '%Y-%m-%d %H:%M') || ' UTC', '')
        || coalesce(': ' || error, '') as line
from source_state
anti join removed_source using (source)
where as_of = $as_of and state <> 'fresh'
order by source
