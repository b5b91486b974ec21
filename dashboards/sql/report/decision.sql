-- What was advised up to the end of the month that is reported, what was done, and what it saves.
select kind, service, subject, advised_on, advice, act_by, state, followed_on, effect_usd_month
from decision_log
where advised_on < $period + interval 1 month and (followed_on is null or followed_on >= $period)
order by state = 'followed' desc, abs(effect_usd_month) desc nulls last, advised_on desc, kind, service, subject
limit 12
