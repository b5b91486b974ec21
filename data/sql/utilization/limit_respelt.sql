update found_limit
set service = s.service
from spelling s
where s.spelt = lower(found_limit.service) and found_limit.service <> s.service
