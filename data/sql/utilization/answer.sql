-- What was answered, as every source gives its samples to the store. A null value of a data frame is NaN.
create or replace temp view raw_sample as
select metric as file, service, metric, null::varchar as stamp_text, stamp, null::varchar as value_text,
    coalesce(value, 'nan'::double) as value, null::varchar as problem, null::double as limit_value
from answered
