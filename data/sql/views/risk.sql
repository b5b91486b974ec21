-- The newest register, how registers moved from quarter to quarter, and what advice was worth.

create view current_risk as
select *
from risk
where as_of = (select max(as_of) from risk);
comment on view current_risk is 'The newest night''s register. e.g. select severity, kind, service, subject, impact_usd, act_by, owner, evidence from current_risk order by case severity when ''high'' then 1 when ''medium'' then 2 else 3 end, impact_usd desc nulls last';

-- A risk that comes back after a night without it is another one.
create view risk_history as
with night as (
    select as_of, lead(as_of) over (order by as_of) as next_as_of from (select distinct as_of from risk)
),
episode as (
    select r.kind, r.service, r.subject, r.first_seen, max(r.as_of) as last_seen,
        arg_max(r.owner, r.as_of) as owner, arg_max(r.severity, r.as_of) as severity,
        max(r.impact_usd) as worst_impact_usd, arg_max(r.impact_usd, r.as_of) as last_impact_usd,
        max(r.probability) as worst_probability, min(r.act_by) as act_by, arg_max(r.evidence, r.as_of) as evidence
    from risk r
    group by all
)
select date_trunc('quarter', e.first_seen)::date as quarter, e.kind, e.service, e.subject, e.first_seen, e.last_seen,
    n.next_as_of is null as is_open, n.next_as_of as gone_on, e.owner, e.severity, e.worst_impact_usd,
    e.last_impact_usd, e.worst_probability, e.act_by, d.state as decision, d.followed_on, d.effect_usd_month, e.evidence
from episode e
join night n on n.as_of = e.last_seen
left join decision_log d
    on d.service = e.service and d.subject = e.subject and d.advised_on between e.first_seen and e.last_seen
qualify row_number() over (partition by e.kind, e.service, e.subject, e.first_seen order by d.advised_on) = 1;
comment on view risk_history is 'Every risk from the first night that saw it to the last, with what was done. grain: kind, service, subject, first_seen. quarter: of first_seen; gone_on: first night without it; decision, followed_on, effect_usd_month: see decision_log. e.g. select quarter, kind, count(*) as risks, count(followed_on) as acted_on, sum(effect_usd_month) as saved_usd_month from risk_history group by all order by 1 desc, 2';
comment on column risk_history.quarter is 'first day of the quarter in which it was first seen';
comment on column risk_history.last_seen is 'newest night that saw it';
comment on column risk_history.is_open is 'true where the newest night still sees it';
comment on column risk_history.gone_on is 'first night without it; null while open';
comment on column risk_history.worst_impact_usd is 'USD, the largest of its nights';
comment on column risk_history.last_impact_usd is 'USD, of its newest night';
comment on column risk_history.worst_probability is 'the largest of its nights';
comment on column risk_history.decision is 'state of the advice, see decision_log';

create view current_decision_log as
select *
from decision_log
where state = 'open' or advised_on >= (select max(as_of) from risk) - interval 92 days;
comment on view current_decision_log is 'What is open, and the last quarter''s advice with its effect. e.g. select state, count(*) as decisions, sum(effect_usd_month) as saved_usd_month from current_decision_log group by all';
