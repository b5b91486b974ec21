alter table service add column timezone varchar;
comment on column service.timezone is 'IANA name of the zone whose clock its load follows; null: that of its country, else what the load shows where clocks change, else UTC';

create table event_suggestion (
    service varchar not null,
    metric varchar not null,
    name varchar not null,
    first_day date not null,
    last_day date not null,
    factor double not null,
    seen integer not null,
    configuration varchar not null,
    primary key (service, metric, first_day)
);
comment on table event_suggestion is 'Days of load that look like an event and cannot be known from the past, as the newest night sees it; people decide. grain: service, metric, first_day';
comment on column event_suggestion.service is 'service';
comment on column event_suggestion.metric is 'metric';
comment on column event_suggestion.name is 'name proposed: a feast within the days, else when they were';
comment on column event_suggestion.first_day is 'first day that lay apart';
comment on column event_suggestion.last_day is 'last day that lay apart, included';
comment on column event_suggestion.factor is 'ratio of its level to the same weekdays around it';
comment on column event_suggestion.seen is 'how many times about a year apart the history has such days, this one included';
comment on column event_suggestion.configuration is 'lines to paste into plimsoll.toml: the event as it was, and as it would come again';
