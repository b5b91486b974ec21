-- The newest night's decisions.

create view current_headroom as
select h.*, s.tier, s.team
from headroom h
left join service s using (service)
where made_on = (select max(made_on) from headroom);
comment on view current_headroom is 'The newest night''s dates, with tier and team';

create view current_advice as
select a.*, s.tier, s.team
from advice a
left join service s using (service)
where as_of = (select max(as_of) from advice);
comment on view current_advice is 'The newest night''s advice. Example: select service, metric, level, act_by from current_advice where urgency <= 3 order by urgency, act_by';
