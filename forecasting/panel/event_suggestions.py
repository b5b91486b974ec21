"""What looks like an event and cannot be known: days that lay far apart once, and about a year later may again.

A stretch of days is suggested where it lies clear of its neighbours, came back to them, is no outage, has not been
learnt from several years, and would come again within a year. People decide: a suggestion is the text to paste.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.options import COUNTRIES, ForecastOptions
from forecasting.panel.calendar import look_at_days
from forecasting.panel.feasts import FEASTS, days_of_feast, thanksgiving
from forecasting.panel.monthly import monthly
from forecasting.panel.series import Panel
from forecasting.panel.yearly import yearly

Floats = NDArray[np.float64]
Stretch = tuple[int, int]  # first day and the one after the last

COLUMNS = ("service", "metric", "name", "first_day", "last_day", "factor", "seen", "configuration")
SURE, SURE_BESIDE = 6.0, 3.0  # spreads from none: of a stretch's farthest day, and of those beside it
LEAST = np.log(1.4)
OUTAGE = np.log(0.15)  # under it a day was not quiet but missing
LONGEST, BACK = 21, 7  # days; days since the stretch that show that it is over
YEAR, RECENT = 365, 400  # days; since a stretch that comes again within a year
BESIDE, STEP = 21, 0.4  # days to each side that are compared; of the effect: how far they may differ
NEAR_YEAR = 10  # days that a stretch may lie from a year before or after another to be the same
HALF_A_YEAR = timedelta(days=182)
MOST = 3  # a series


def suggest_events(panel: Panel, opts: ForecastOptions) -> pd.DataFrame:
    """One row a stretch of days of a panel of days: COLUMNS; `factor` is its level over the usual, `seen` how often."""
    days, looks = look_at_days(panel, YEAR, opts)
    known = looks.log.shape[1]
    levels = days.levels(panel.y)
    learnt = monthly(looks, days.dates).log[:, :known]
    learnt = learnt + yearly(looks, days.dates).log[:, :known]
    log = np.where(learnt != 0, np.nan, looks.log)
    rows = []
    for row in np.flatnonzero(np.isfinite(looks.spread)).tolist():
        service, metric = (str(panel.ids[name].iloc[row]) for name in ("service", "metric"))
        country = opts.country.get(service, opts.country.get("*"))
        stretches = [
            one for one in _stretches(log[row], float(looks.spread[row])) if _came_back(one, levels[row], log[row])
        ]
        for first, end in _newest(stretches, log[row], known):
            seen = [s for s in stretches if _is_alike(s, (first, end), log[row])]
            factor = float(np.exp(nanstats.mean(log[row, first:end][None], axis=1)[0]))
            was = _date(days.dates[first]), _date(days.dates[end - 1])
            feasts = _feasts(was[0].year, country)
            name = _name(was, feasts)
            text = _text(name, service, (was, _next(was, feasts.get(name, ()))))
            rows.append((service, metric, name, *was, factor, len(seen), text))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"factor": float, "seen": int})


def _stretches(log: Floats, spread: float) -> list[Stretch]:
    """Find days in a row that lie apart to one side, the farthest of them by far."""
    stretches = []
    with np.errstate(invalid="ignore"):
        for sign in (1.0, -1.0):
            beside = sign * log > max(SURE_BESIDE * spread, LEAST / 2)
            far = sign * log > max(SURE * spread, LEAST)
            edges = np.flatnonzero(np.diff(np.r_[False, beside, False].astype(int)))
            pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
            stretches += [(a, b) for a, b in pairs if far[a:b].any() and b - a <= LONGEST]
    return sorted(stretches)


def _came_back(one: Stretch, levels: Floats, log: Floats) -> bool:
    """Tell whether the level after a stretch is about that before it: a step is no event."""
    before = nanstats.median(levels[None, max(0, one[0] - BESIDE) : one[0]], axis=1)[0]
    after = nanstats.median(levels[None, one[1] : one[1] + BESIDE], axis=1)[0]
    if not (before > 0 and after > 0):
        return False
    return bool(abs(np.log(after / before)) < STEP * abs(np.nanmean(log[one[0] : one[1]])))


def _newest(stretches: list[Stretch], log: Floats, known: int) -> list[Stretch]:
    """Those that are over, are no outages, and come again within a year: the strongest first, MOST of them."""
    usable = [
        (a, b) for a, b in stretches if known - RECENT <= a and b <= known - BACK and np.nanmin(log[a:b]) > OUTAGE
    ]
    return sorted(sorted(usable, key=lambda s: -abs(float(np.nansum(log[s[0] : s[1]]))))[:MOST])


def _is_alike(one: Stretch, other: Stretch, log: Floats) -> bool:
    """Tell whether a stretch is another one, or lies whole years from it on the same side."""
    apart = abs(one[0] - other[0])
    to_year = abs((apart + YEAR // 2) % YEAR - YEAR // 2)
    same_side = bool(np.sign(np.nansum(log[one[0] : one[1]])) == np.sign(np.nansum(log[other[0] : other[1]])))
    return one == other or (apart > NEAR_YEAR and to_year <= NEAR_YEAR and same_side)


def _date(day: np.datetime64) -> date:
    result: date = day.astype("datetime64[D]").item()
    return result


def _feasts(year: int, country: str | None) -> dict[str, list[date]]:
    """Days of feasts by name from a year on, in order; those of the country too where it is known."""
    years = (year, year + 1, year + 2)
    feasts = {
        "Black Friday": [_date(thanksgiving(each) + 1) for each in years],
        "Christmas": [date(each, 12, 25) for each in years],
        "New Year": [date(each, 1, 1) for each in years],
    }
    feasts |= {feast.name: [_date(day) for day in days_of_feast(feast, year, year + 2)] for feast in FEASTS}
    if country in COUNTRIES:
        for day, name in sorted(holidays.country_holidays(country, years=years).items()):
            feasts.setdefault(name, []).append(day)  # what is kept for several days has one name
    return feasts


def _name(was: tuple[date, date], feasts: Mapping[str, Sequence[date]]) -> str:
    """Propose the name of a feast within the stretch, else its first day."""
    named = (name for name, days in feasts.items() if any(was[0] <= day <= was[1] for day in days))
    return next(named, f"like {was[0]}")


def _next(was: tuple[date, date], days: Sequence[date]) -> tuple[date, date]:
    """Days of the next time: about the `days` of its feast, else on the same days of the week a year later."""
    now = next((day for day in days if was[0] <= day <= was[1]), None)
    later = next((day for day in days if now and day - now > HALF_A_YEAR), None)
    move = later - now if now and later else timedelta(weeks=52)
    return was[0] + move, was[1] + move


def _text(name: str, service: str, times: tuple[tuple[date, date], ...]) -> str:
    """Write the lines of plimsoll.toml that declare it, as it was and as it comes."""
    quoted = service.replace("\\", "\\\\").replace('"', '\\"')
    title = name.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        f'[[event]]\nname = "{title}"\nfirst_day = {first}\nlast_day = {last}\nservices = ["{quoted}"]\n'
        for first, last in times
    )
