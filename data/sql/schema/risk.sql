-- What may go wrong, what was advised, and what came of it.

create table if not exists risk (
    as_of date not null,
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    severity varchar not null,
    impact_usd double,
    probability double,
    act_by date,
    owner varchar,
    evidence varchar not null,
    first_seen date not null,
    trend_week varchar not null,
    primary key (as_of, kind, service, subject)
);
comment on table risk is 'The risk register of each night. grain: as_of, kind, service, subject';
comment on column risk.as_of is 'the night';
comment on column risk.kind is 'breach, saturation, overrun, anomaly, accuracy, stale source, no owner, commitment expiring, commitment unused';
comment on column risk.service is 'service, team, source, or (total)';
comment on column risk.subject is 'what of it: the metric, product, source or budget';
comment on column risk.severity is 'high, medium or low';
comment on column risk.impact_usd is 'USD at stake; null where not known';
comment on column risk.probability is 'that it happens, 1 where it has; null where not known';
comment on column risk.act_by is 'last day to act; null where there is none';
comment on column risk.owner is 'team; null where nobody owns it';
comment on column risk.evidence is 'why, in words, with the table to look in';
comment on column risk.first_seen is 'first night in a row that saw it';
comment on column risk.trend_week is 'new, up, down or level against the night a week before';

create table if not exists decision_log (
    kind varchar not null,
    service varchar not null,
    subject varchar not null,
    advised_on date not null,
    advice varchar not null,
    act_by date,
    state varchar not null,
    followed_on date,
    effect_usd_month double,
    evidence varchar not null,
    primary key (kind, service, subject, advised_on)
);
comment on table decision_log is 'What was advised, whether the data shows that it was done, and what that saved or avoided. grain: kind, service, subject, advised_on';
comment on column decision_log.kind is 'capacity, commitment, anomaly, budget';
comment on column decision_log.service is 'service, or the provider of a commitment';
comment on column decision_log.subject is 'metric, scope or product';
comment on column decision_log.advised_on is 'first night of the advice';
comment on column decision_log.advice is 'in words';
comment on column decision_log.act_by is 'last day to act; null where there is none';
comment on column decision_log.state is 'open, followed, lapsed (no longer needed and nothing was seen to be done), or too late';
comment on column decision_log.followed_on is 'first night whose data show it done; null where not';
comment on column decision_log.effect_usd_month is 'saved (above 0) a month in USD; null where not known';
comment on column decision_log.evidence is 'what the data show';
