"""Days of the month and of the quarter that lie apart from their neighbours each time: one after the other.

Among several rules for one day (the 29th, the last Friday) the one counts whose days foresee each other best.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from forecasting.panel.alignment import MONTHLY, NO_MONTH, QUARTERLY
from forecasting.panel.occurrences import ALIKE, SURE, Effects, is_clear, least_effect, near_total, occurrences
from forecasting.panel.unusual import Unusual

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

MONTHS, FEWEST_MONTHS = 6, 3  # newest occurrences of a day of the month that count; that are needed
QUARTERS = 4  # newest ones of a day of the quarter: fewer, so that what each month does is told by months
LUCK = 0.05  # days of the month that may be expected to agree so by chance
ROUNDS = 8  # days of the month that can have effects of their own
BESIDE = 2  # likewise of days of the month


def monthly(days_apart: Unusual, dates: Dates) -> Effects:
    """Days of the month, working days and nth weekdays that lie apart: one after the other, the clearest first."""
    days = len(dates)
    log, doubt = np.zeros((len(days_apart.log), days)), np.zeros((len(days_apart.log), days))
    if days_apart.log.shape[1] < (FEWEST_MONTHS - 1) * 28:
        return Effects(log, doubt)
    rest = days_apart.log.copy()
    rows = np.flatnonzero(np.isfinite(days_apart.spread) & ~np.isnan(days_apart.small))
    tables = [rule.table(dates) for rule in MONTHLY + QUARTERLY]
    newest = [MONTHS] * len(MONTHLY) + [QUARTERS] * len(QUARTERLY)
    chance = [occurrences(rest[rows], rule.table(dates), MONTHS) for rule in NO_MONTH]
    least = least_effect(chance, days_apart.spread[rows], SURE)
    for _ in range(ROUNDS):
        best, chosen = np.zeros(len(rows)), np.full((len(rows), 2), -1)
        seen = []
        for k, table in enumerate(tables):
            times = occurrences(rest[rows], table, newest[k])
            seen.append(times)
            clear = is_clear(times, least) & (times.count >= FEWEST_MONTHS) & times.is_new
            score = np.where(clear, np.nansum(times.gain, axis=2), 0.0)
            key = score.argmax(axis=1)
            # Of rules that say a day alike, the one that says the days beside it too.
            total = np.where(score.max(axis=1, initial=0.0) > 0, near_total(score, BESIDE)[np.arange(len(key)), key], 0)
            better = total > best
            best = np.where(better, total, best)
            chosen[better] = np.stack([np.full(len(key), k), key], axis=1)[better]
        for row in np.flatnonzero(best > 0).tolist():
            rule, key = chosen[row].tolist()
            times = seen[rule]
            places = tables[rule][key]
            places = places[places >= 0]
            mean, around = times.mean[row, key], times.around[row, key]
            if _by_luck(rest[rows[row]], places, times.values[row, key], mean) * sum(map(len, tables)) > LUCK:
                best[row] = 0.0
                continue
            log[rows[row], places] += mean
            doubt[rows[row], places] = np.hypot(doubt[rows[row], places], np.sqrt(around / times.count[row, key]))
            known = places[places < rest.shape[1]]
            rest[rows[row], known] -= mean
        kept = np.flatnonzero(best > 0)
        if not len(kept):
            break
        rows, least = rows[kept], least[kept]
    return Effects(log, doubt)


def _by_luck(log: Floats, places: NDArray[np.intp], values: Floats, mean: float) -> float:
    """Tell how likely so many days (occurrence,) would lie as far apart as these do, were they any days of the series.

    What is zero most days has no spread to be held against, and a third of its days are far from the others.
    """
    others = np.delete(log, places[places < len(log)])
    far, alike = (np.asarray(cells[~np.isnan(cells)] * np.sign(mean) > ALIKE * abs(mean)) for cells in (others, values))
    return float(bdtrc(alike.sum() - 1, len(alike), far.mean() if len(far) else 1.0))
