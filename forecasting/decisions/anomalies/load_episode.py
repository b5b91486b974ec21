"""Episodes of load with their kind and size, from judged hours."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.decisions.anomalies.band import Band
from forecasting.decisions.anomalies.load import DAY, Episode, Judged, episodes, judge
from forecasting.nanstats import mean

Floats = NDArray[np.float32]

WINDOW_DAYS = 162
BLOCK = 250  # series judged at once: it has to fit in memory
SPIKE_HOURS, PLATEAU_HOURS = 6, 48  # at most
AROUND_DAYS = (7, 2)  # of its band, before and after it
OUTAGE = 0.10  # of what was expected, at most


@dataclass(frozen=True)
class LoadFinding:
    """An episode of load [start, end), UTC; amounts in the metric, of a gauge means (impact: times hours)."""

    service: str
    metric: str
    start: pd.Timestamp
    end: pd.Timestamp
    is_open: bool
    kind: str
    cause: str
    expected: float
    actual: float
    impact: float
    score: float
    first_seen: date
    is_small: bool
    is_request: bool  # a count: cost may follow it
    band: Band


def load_findings(load: pd.DataFrame, declared: pd.DataFrame, as_of: date, minimum: float) -> list[LoadFinding]:
    """Judge series given as lists of hours; what is worth less than `minimum` is small, see _is_small.

    `declared`: service (null: all), metric (null: all), first_day, last_day of what people said.
    """
    findings: list[LoadFinding] = []
    for begin in range(0, len(load), BLOCK):
        block = load.iloc[begin : begin + BLOCK].reset_index(drop=True)
        begins = _begins(block)
        value = _dense(block, "value", begins)
        judged = judge(value)
        score, expected = judged.score.copy(), judged.expected
        gauges = np.flatnonzero(block["kind"].to_numpy() != "count")
        apart = np.abs(value - expected)
        if len(gauges):
            peak = _dense(block.iloc[gauges], "peak", begins)
            peaks = judge(peak)
            score[gauges] = np.fmax(score[gauges], peaks.score)
            apart[gauges] = np.fmax(apart[gauges], np.abs(peak - peaks.expected))
        first = pd.Timestamp(as_of) - pd.Timedelta(days=WINDOW_DAYS) + pd.Timedelta(hours=begins)
        for episode in episodes(score, value - expected, _declared(block, declared, first, score.shape[1])):
            ids = block.iloc[episode.row]
            row = (value[episode.row], expected[episode.row], apart[episode.row])
            sides = [(row[0], judged.of(episode.row))]
            if ids["kind"] != "count":
                place = int(np.searchsorted(gauges, episode.row))
                sides.append((peak[place], peaks.of(place)))
            findings.append(_finding(ids, first, episode, row, _band(sides, episode, first), minimum))
    return findings


def _declared(block: pd.DataFrame, declared: pd.DataFrame, first: pd.Timestamp, hours: int) -> NDArray[np.bool_]:
    inside = np.zeros((len(block), hours), dtype=bool)
    for reason in declared.itertuples():
        rows = np.ones(len(block), dtype=bool)
        for column, wanted in (("service", reason.service), ("metric", reason.metric)):
            if isinstance(wanted, str):
                rows &= block[column].to_numpy() == wanted
        begin = (pd.Timestamp(str(reason.first_day)) - first) // pd.Timedelta(hours=1)
        end = (pd.Timestamp(str(reason.last_day)) - first) // pd.Timedelta(hours=1) + DAY
        inside[rows, max(begin, 0) : max(end, 0)] = True
    return inside


def _finding(  # noqa: PLR0913, PLR0917 - whose hours, which, and how they were judged
    ids: "pd.Series[str]",
    first: pd.Timestamp,
    episode: Episode,
    row: tuple[Floats, Floats, Floats],
    band: Band,
    minimum: float,
) -> LoadFinding:
    span = slice(episode.start, episode.end)
    value, expected = row[0][span], row[1][span]
    known = np.isfinite(value) & np.isfinite(expected)
    impact = float((value - expected)[known].sum())
    is_count = ids["kind"] == "count"
    whole = np.where(known, expected, 0).sum(), np.where(known, value, 0).sum()
    divisor = 1 if is_count else max(1, int(known.sum()))
    start = first + pd.Timedelta(hours=episode.start)
    seen = start + pd.Timedelta(hours=1)
    return LoadFinding(
        service=str(ids["service"]),
        metric=str(ids["metric"]),
        start=start,
        end=first + pd.Timedelta(hours=episode.end),
        is_open=episode.is_open,
        kind=_kind(episode, impact),
        cause="outage" if impact < 0 and whole[1] < OUTAGE * whole[0] else "load",
        expected=float(whole[0]) / divisor,
        actual=float(whole[1]) / divisor,
        impact=impact,
        score=episode.score,
        first_seen=seen.ceil("D").date(),
        is_small=_is_small(row, episode, impact, minimum, is_count=is_count),
        is_request=is_count,
        band=band,
    )


def _band(sides: list[tuple[Floats, Judged]], episode: Episode, first: pd.Timestamp) -> Band:
    """Return the hours around an episode of its mean (or sum) or of its peak, whichever stood out more."""
    span = slice(episode.start, episode.end)
    value, judged = max(sides, key=lambda side: float(np.nanmax(side[1].score[span], initial=0.0)))
    before, after = (days * DAY for days in AROUND_DAYS)
    shown = slice(max(episode.start - before, 0), min(episode.end + after, len(value)))
    return Band(
        first + pd.Timedelta(hours=shown.start),
        pd.Timedelta(hours=1),
        value[shown].copy(),  # a view would keep every series of its block
        judged.expected[shown].copy(),
        judged.edge[shown].copy(),
    )


def _kind(episode: Episode, impact: float) -> str:
    hours = episode.end - episode.start
    if hours > PLATEAU_HOURS:
        return "step"
    if impact < 0:
        return "drop"
    return "spike" if hours <= SPIKE_HOURS else "plateau"


def _is_small(
    row: tuple[Floats, Floats, Floats], episode: Episode, impact: float, minimum: float, *, is_count: bool
) -> bool:
    """Small against a usual day (a count) or the usual level (a gauge, whose worst hour counts); weighed by score."""
    span = slice(episode.start, episode.end)
    before = np.abs(row[0][max(0, span.start - 28 * DAY) // DAY * DAY : span.stop])
    days = np.pad(before, (0, -len(before) % DAY), constant_values=np.nan).reshape(-1, DAY)
    usual = float(np.nanmedian(mean(days, axis=1)))  # not of the hours: most of an office's are nights
    if is_count:
        return abs(impact) * episode.score < minimum * usual * DAY
    return float(np.nanmax(row[2][span], initial=0.0)) * episode.score < minimum * usual


def _dense(block: pd.DataFrame, name: str, begins: int) -> Floats:
    dense = np.full((len(block), WINDOW_DAYS * DAY - begins), np.nan, dtype=np.float32)
    for row, (at, values) in enumerate(zip(block["hour"], block[name], strict=True)):
        dense[row, np.asarray(at, dtype=np.intp) - begins] = values
    return dense


def _begins(block: pd.DataFrame) -> int:
    """Return the first midnight after which any series of the block is known, in hours."""
    return min(int(at[0]) for at in block["hour"]) // DAY * DAY
