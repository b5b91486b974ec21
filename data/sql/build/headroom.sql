-- The dates and probabilities of the fits, beside how full each service is now.
with peak as (
    select service, metric, max(value_max) as peak_now
    from utilization_judged
    where flag is null and hour_utc >= $as_of - interval 7 days and hour_utc < $as_of
    group by all
)
select $as_of as made_on, p.service, p.metric, p.limit_value, k.peak_now, p.quantile, p.peak_forecast,
    p.headroom_ratio, p.p10_date, p.p50_date, p.p90_date, p.probability_30d, p.probability_60d, p.probability_90d,
    p.act_by
from passage p
left join peak k using (service, metric)
