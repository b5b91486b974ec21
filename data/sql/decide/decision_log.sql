-- What was advised on which night, whether later data show it done, and what that was worth. Advice that goes on from
-- night to night is one; it is told anew after a night without it.
with night as (
    select as_of, row_number() over (order by as_of) as number from (select distinct as_of from advice union select distinct as_of from risk)
),
last_night as (
    select max(as_of) as as_of from night
),
pressing as (
    select a.*, n.number - row_number() over (partition by a.service, a.metric order by a.as_of) as episode
    from advice a
    join night n using (as_of)
    where a.level in ('over', 'late', 'act')
),
capacity as (
    select service, metric, min(as_of) as advised_on, max(as_of) as last_on, arg_min(limit_value, as_of) as limit_value,
        arg_min(units_to_add, as_of) as units_to_add, arg_min(usd_month, as_of) as usd_month,
        arg_min(order_day(level, act_by, add_by), as_of) as act_by, arg_max(level, as_of) as level
    from pressing
    group by service, metric, episode
),
raised as (
    select c.service, c.metric, c.advised_on, min(l.valid_from) as followed_on, min_by(l.limit_value, l.valid_from) as now
    from capacity c
    join capacity_limit l
        on l.service = c.service and l.metric = c.metric and l.valid_from > c.advised_on and l.limit_value > c.limit_value
        and l.valid_from <= c.last_on + interval 90 days and l.valid_from <= (select as_of from last_night)
    group by all
),
of_capacity as (
    select 'capacity' as kind, c.service, c.metric as subject, c.advised_on,
        case
            when coalesce(c.units_to_add, 0) = 0 then format('raise the limit of {:s}', c.metric)
            -- Of a share of a whole in per cent of what there is, as everywhere.
            when u.units is null and is_share(c.limit_value)
                then format('add {:.0f} % of {:s}', 100 * c.units_to_add / c.limit_value, c.metric)
            else format('add {:.3g} units of {:s}', c.units_to_add, c.metric)
        end as advice,
        c.act_by,
        case
            when r.followed_on is not null then 'followed'
            when c.last_on < n.as_of then 'lapsed'
            when c.level = 'over' and c.act_by < n.as_of then 'too late'
            else 'open'
        end as state,
        r.followed_on, if(r.followed_on is not null, -c.usd_month, null)::double as effect_usd_month,
        coalesce(format('its limit went from {:.3g} to {:.3g}', c.limit_value, r.now), format('{:s} on the last night', c.level))
            as evidence
    from capacity c
    cross join last_night n
    left join raised r using (service, metric, advised_on)
    left join limit_in_force($as_of) u on u.service = c.service and u.metric = c.metric
),
wanted as (
    select o.as_of, o.provider, o.scope, o.currency, o.owned_usd_hour, o.to_buy_usd_hour, o.expected_saving_usd_month,
        lag(o.owned_usd_hour) over series as owned_before
    from commitment_option o
    where o.risk = 'neutral' and o.term_years = 1
    window series as (partition by o.provider, o.scope, o.currency order by o.as_of)
),
commitment_episode as (
    -- A purchase ends the advice that asked for it.
    select *, sum(coalesce((owned_usd_hour > 1.05 * owned_before + 0.01)::integer, 0)) over (
            partition by provider, scope, currency order by as_of
        ) as purchases
    from wanted
),
of_purchase as (
    select provider, scope, currency, purchases, min(as_of) filter (where to_buy_usd_hour > 0.05 * owned_usd_hour + 0.01)
            as advised_on,
        max(as_of) as last_on, arg_max(to_buy_usd_hour, as_of) as to_buy,
        arg_max(expected_saving_usd_month, as_of) as saving, arg_max(owned_usd_hour, as_of) as owned
    from commitment_episode
    group by all
),
of_commitment as (
    select 'commitment' as kind, p.provider as service, p.scope || ' ' || p.currency as subject, p.advised_on,
        format('commit {:.2f} {:s} an hour more for a year', p.to_buy, p.currency) as advice, null::date as act_by,
        case when b.as_of is not null then 'followed' when p.last_on < n.as_of then 'lapsed' else 'open' end as state,
        b.as_of as followed_on,
        case
            when p.currency = 'USD' and b.as_of is not null
                then p.saving * least(1, (b.owned_usd_hour - p.owned) / nullif(p.to_buy, 0))
        end as effect_usd_month,
        coalesce(
            format('{:.2f} an hour are owned since, {:.2f} before', b.owned_usd_hour, p.owned),
            format('{:.2f} an hour are owned', p.owned)
        ) as evidence
    from of_purchase p
    cross join (select max(as_of) as as_of from commitment_option) n
    left join (
        select provider, scope, currency, purchases - 1 as purchases, min(as_of) as as_of,
            arg_min(owned_usd_hour, as_of) as owned_usd_hour
        from commitment_episode
        group by all
    ) b using (provider, scope, currency, purchases)
    where p.advised_on is not null
),
of_anomaly as (
    select 'anomaly' as kind, service, metric || ' ' || strftime(from_utc, '%Y-%m-%d') as subject, first_seen as advised_on,
        format(
            'explain or undo the {:s} of {:s}: {:.2f} {:s} a day more than expected', kind, strftime(from_utc, '%-d %b %Y'),
            impact / greatest(days, 1), unit
        ) as advice,
        null::date as act_by,
        case when to_utc is null then 'open' when days >= 27 then 'lapsed' else 'followed' end as state,
        case when days < 27 then to_utc::date end as followed_on,
        case when unit = 'USD' and days < 27 then impact / greatest(days, 1) * 30.4 end as effect_usd_month,
        case
            when to_utc is null then 'it goes on'
            when days >= 27 then 'after four weeks it is the level'
            else format('over on {:s}', strftime(to_utc, '%-d %b %Y'))
        end as evidence
    from (select *, date_diff('day', from_utc, to_utc) as days from anomaly)
    where as_of = (select max(as_of) from anomaly) and not is_muted and direction = 'up'
        and kind in ('step', 'leak', 'creep', 'new product') and starts_with(metric, 'cost_')
),
warned as (
    select b.scope, b.name, b.period, b.period_start, b.currency, min(b.as_of) as advised_on,
        arg_min(b.forecast, b.as_of) as forecast, arg_min(b.passed_on, b.as_of) as act_by, any_value(b.budget) as budget
    from budget_status b
    where b.probability_over >= 0.5 and not b.is_final
    group by all
),
ended as (
    select scope, name, period, period_start, currency, min(as_of) filter (where is_final) as final_on,
        arg_max(spent, as_of) as spent, count(*) over (partition by scope, name, period, period_start) as currencies
    from budget_status
    group by scope, name, period, period_start, currency
),
of_budget as (
    select 'budget' as kind, w.name as service, budget_subject(w.scope, w.period, w.period_start, e.currencies, w.currency) as subject,
        w.advised_on,
        format('spend {:.0f} {:s} less than the {:.0f} that are forecast', w.forecast - w.budget::double, w.currency, w.forecast)
            as advice,
        w.act_by,
        case when e.final_on is null then 'open' when e.spent <= w.budget then 'followed' else 'too late' end as state,
        if(e.spent <= w.budget, e.final_on, null) as followed_on,
        case
            when w.currency = 'USD' and e.final_on is not null and e.spent <= w.budget
                then (w.forecast - e.spent) / case w.period when 'm' then 1 when 'q' then 3 else 12 end
        end as effect_usd_month,
        format('{:.0f} of {:.0f} {:s} are spent', e.spent, w.budget::double, w.currency) as evidence
    from warned w
    join ended e using (scope, name, period, period_start, currency)
)
from of_capacity
union all from of_commitment
union all from of_anomaly
union all from of_budget
