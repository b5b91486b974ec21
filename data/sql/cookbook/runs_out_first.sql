-- What runs out first, and by when must more be ordered?
select service, team, tier, metric, limit_value, headroom_ratio, p10_date, p50_date, act_by
from current_headroom
order by act_by nulls last, p50_date nulls last, headroom_ratio
limit 20
