"""Times without an offset, written in the zone that a source declares, as UTC.

Where clocks go back an hour is written twice: the order of the file tells which is which, as long as the series steps
back exactly once in it. Where clocks go forward an hour does not exist: such a row is rejected.
"""

from data.warehouse import literal

SHIFTS = ("30 minutes", "60 minutes", "120 minutes")  # what the zones of the world move their clocks by


def to_utc(samples: str, zone: str) -> str:
    """Return a query that adds `stamp` (UTC) to one of samples, and the reason where there is none to `problem`.

    `local_stamp` is a naive timestamp in `zone`; `offset_stamp` is the time in UTC where the row says its own offset.
    """
    name = literal(zone)
    guess = f"timezone({name}, local_stamp)"
    others = " or ".join(
        f"timezone({name}, {guess} {sign} interval '{shift}') = local_stamp" for shift in SHIFTS for sign in "+-"
    )
    earlier = ", ".join(
        f"case when timezone({name}, {guess} {sign} interval '{shift}') = local_stamp "
        f"then {guess} {sign} interval '{shift}' end"
        for shift in SHIFTS
        for sign in "+-"
    )
    return _QUERY.format(samples=samples, zone=name, guess=guess, others=others, candidates=f"{guess}, {earlier}")


_QUERY = """
with told as (
    select *, {guess} as guess,
        timezone({zone}, {guess}) <> local_stamp as is_missing,
        coalesce({others}, false) as is_twice
    from ({samples}) s
),
twice as (
    select *, least({candidates}) as first_stamp, greatest({candidates}) as second_stamp
    from told
    where is_twice
),
direction as (
    select file, service, metric, series, local_stamp::date as local_date,
        arg_max(local_stamp, row_number) < arg_min(local_stamp, row_number) as is_descending
    from told
    where local_stamp::date in (select local_stamp::date from twice)
    group by all
),
in_order as (
    select t.*, case when d.is_descending then -t.row_number else t.row_number end as position
    from twice t
    join direction d on d.file = t.file and d.service is not distinct from t.service
        and d.metric is not distinct from t.metric and d.series is not distinct from t.series
        and d.local_date = t.local_stamp::date
),
stepped as (
    select *,
        coalesce(local_stamp <= lag(local_stamp) over one, false)::integer as steps_back
    from in_order
    window one as (partition by file, service, metric, series, local_stamp::date order by position)
),
counted as (
    select *,
        sum(steps_back) over (
            partition by file, service, metric, series, local_stamp::date order by position
            rows between unbounded preceding and current row
        ) as steps_so_far,
        sum(steps_back) over (partition by file, service, metric, series, local_stamp::date) as steps
    from stepped
)
select file, service, metric, series, stamp_text, value_text, value, limit_value,
    coalesce(offset_stamp, case when not is_missing then guess at time zone 'UTC' end) as stamp,
    coalesce(problem, case when is_missing then 'hour does not exist in its zone' end) as problem
from told
where not is_twice
union all
select file, service, metric, series, stamp_text, value_text, value, limit_value,
    case when steps = 1 and steps_so_far = 0 then first_stamp when steps = 1 then second_stamp end
        at time zone 'UTC' as stamp,
    coalesce(
        problem, case when steps <> 1 then 'hour is twice in its zone, and the file''s order does not tell which' end
    ) as problem
from counted
"""
