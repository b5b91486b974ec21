import numpy as np
import pytest

from forecasting.decisions.headroom import act_by, first_passage, first_steps, peak, planned_date, tier_quantile

DAYS = np.datetime64("2026-01-01", "us") + np.arange(90) * np.timedelta64(1, "D")


def rising(counts):
    """One series of ten paths; path k passes 1 on day counts[k] (90: never)."""
    return np.array([[np.arange(90) >= day for day in counts]], dtype=float) * 2


def test_dates_are_quantiles_of_the_first_passage():
    found = first_passage(rising([5, 10, 15, 20, 25, 30, 35, 40, 45, 90]), [1.0], DAYS)
    assert found.p10_date[0] == DAYS[5]
    assert found.p50_date[0] == DAYS[25]
    assert found.p90_date[0] == DAYS[45]


def test_date_is_missing_where_too_few_paths_pass():
    found = first_passage(rising([5] + [90] * 9), [1.0], DAYS)
    assert found.p10_date[0] == DAYS[5]
    assert np.isnat(found.p50_date[0])
    assert np.isnat(found.p90_date[0])


def test_probability_counts_the_paths_that_pass_within_the_days():
    found = first_passage(rising([0, 29, 30, 59, 60, 89, 90, 90, 90, 90]), [1.0], DAYS)
    assert found.probability_30d[0] == pytest.approx(0.2)
    assert found.probability_60d[0] == pytest.approx(0.4)
    assert found.probability_90d[0] == pytest.approx(0.6)


def test_probability_beyond_the_horizon_is_unknown():
    found = first_passage(rising([5] * 10)[:, :, :40], [1.0], DAYS[:40])
    assert found.probability_30d[0] == 1.0
    assert np.isnan(found.probability_60d[0])


def test_service_without_a_limit_never_passes_and_has_no_probability():
    found = first_passage(rising([5] * 10), [np.nan], DAYS)
    assert np.isnat(found.p10_date[0])
    assert np.isnan(found.probability_90d[0])


def test_act_by_is_the_early_date_less_the_lead_time():
    dates = np.array(["2026-03-15", "NaT"], dtype="datetime64[us]")
    found = act_by(dates, [14, 14])
    assert found[0] == np.datetime64("2026-03-01")
    assert np.isnat(found[1])


def test_headroom_is_measured_at_the_tier_quantile_of_the_peak():
    paths = np.arange(1, 101, dtype=float).reshape(1, 100, 1).repeat(3, axis=0)
    peaks = peak(paths, tier_quantile([0, 1, 2]))
    assert list(peaks) == [99, 95, 90]


def test_a_plan_is_broken_when_more_futures_pass_than_its_quantile_leaves_out():
    first = first_steps(rising([5, 10, 15] + [90] * 97), np.array([[1.0]]))
    assert planned_date(first, [0.99], DAYS)[0] == DAYS[10]  # one of a hundred may pass
    assert planned_date(first, [0.95], DAYS)[0].astype(str) == "NaT"
    assert planned_date(first, [0.975], DAYS)[0] == DAYS[15]


def test_a_limit_that_rises_on_a_day_counts_from_that_day():
    limits = np.where(np.arange(90) < 20, 1.0, 3.0)[None]
    found = first_passage(rising([10, 15, 30, 40, 50, 90, 90, 90, 90, 90]), limits, DAYS)
    assert found.p10_date[0] == DAYS[10]
    assert found.probability_90d[0] == pytest.approx(0.2)
