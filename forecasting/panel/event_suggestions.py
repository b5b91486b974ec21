"""What looks like an event and cannot be known: days that lay far apart once, and about a year later may again.

A stretch of days is suggested where it lies clear of its neighbours, came back to them, is no outage, has not been
learnt from several years, and would come again within a year. People decide: a suggestion is the text to paste.
"""

from datetime import date

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.options import COUNTRIES, ForecastOptions
from forecasting.panel.calendar import look_at_days
from forecasting.panel.feasts import easter, thanksgiving
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
            name = _name(was, country)
            text = _text(name, service, (was, _next(name, was)))
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


def _name(was: tuple[date, date], country: str | None) -> str:
    """Propose the name of a feast within the stretch, else its first day."""
    year = was[0].year
    feasts = {
        "Black Friday": _date(thanksgiving(year) + 1),
        "Easter": _date(easter(year)),
        "Christmas": date(year, 12, 25),
        "New Year": date(was[1].year, 1, 1),
    }
    if country in COUNTRIES:
        feasts |= {name: day for day, name in holidays.country_holidays(country, years=[year, was[1].year]).items()}
    return next((name for name, day in feasts.items() if was[0] <= day <= was[1]), f"like {was[0]}")


def _next(name: str, was: tuple[date, date]) -> tuple[date, date]:
    """Days of the next time: about its feast, else on the same days of the week a year later."""
    year = was[0].year
    moves = {
        "Black Friday": thanksgiving(year + 1) - thanksgiving(year),
        "Easter": easter(year + 1) - easter(year),
        "Christmas": np.datetime64(f"{year + 1}-12-25") - np.datetime64(f"{year}-12-25"),
        "New Year": np.datetime64(f"{year + 1}-12-31") - np.datetime64(f"{year}-12-31"),
    }
    move = moves.get(name, np.timedelta64(52 * 7, "D"))
    return _date(np.datetime64(was[0]) + move), _date(np.datetime64(was[1]) + move)


def _text(name: str, service: str, times: tuple[tuple[date, date], ...]) -> str:
    """Write the lines of plimsoll.toml that declare it, as it was and as it comes."""
    quoted = service.replace("\\", "\\\\").replace('"', '\\"')
    title = name.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        f'[[event]]\nname = "{title}"\nfirst_day = {first}\nlast_day = {last}\nservices = ["{quoted}"]\n'
        for first, last in times
    )
