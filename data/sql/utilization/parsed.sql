-- Texts that were read: what stood there is kept only where it could not be.
select file, service, metric, stamp, value, problem, limit_value,
    case when problem is not null or stamp is null or value is null then stamp_text end as stamp_text,
    case when problem is not null or stamp is null or value is null then value_text end as value_text
from parsed_sample
