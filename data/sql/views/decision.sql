-- The newest night's decisions.

create view current_headroom as
select h.*, s.tier, s.team
from headroom h
left join service s using (service)
where made_on = (select max(made_on) from headroom);
comment on view current_headroom is 'The newest night''s dates, with tier and team';
