-- How much room is left, tier by tier?
select tier, count(*) as limits, min(headroom_ratio) as least_headroom, median(headroom_ratio) as median_headroom,
    count(*) filter (where probability_90d >= 0.1) as at_risk_90d
from current_headroom
group by all
order by tier
