import numpy as np
import pandas as pd
import pytest

from forecasting.paths.calendar_sums import calendar_sums

DAYS = np.datetime64("2026-11-20", "us") + np.arange(90) * np.timedelta64(1, "D")  # to 17 February


def paths(series=2, count=400, seed=3):
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 1, (series, count, 1))
    return 100 + 5 * common + rng.normal(0, 1, (series, count, 90))


def test_a_month_is_the_sum_of_its_days_in_each_path():
    table = calendar_sums(paths(), DAYS, "month")
    december = table[table["period_start"] == pd.Timestamp("2026-12-01")]
    assert december["steps"].tolist() == [31, 31]
    sums = paths()[:, :, 11:42].sum(axis=2)
    assert december["mean"].to_numpy() == pytest.approx(sums.mean(axis=1))
    assert december["hi95"].to_numpy() == pytest.approx(np.quantile(sums, 0.975, axis=1))


def test_a_sum_of_correlated_days_is_wider_than_of_independent_days():
    rng = np.random.default_rng(1)
    alone = 100 + np.sqrt(26) * rng.normal(0, 1, (2, 400, 90))  # the same spread each day, no common part
    wide, narrow = (calendar_sums(p, DAYS, "month").query("steps == 31") for p in (paths(), alone))
    assert ((wide["hi95"] - wide["lo95"]).to_numpy() > 3 * (narrow["hi95"] - narrow["lo95"]).to_numpy()).all()


def test_quarters_start_in_january_april_july_october():
    table = calendar_sums(paths(), DAYS, "quarter")
    assert sorted(set(table["period_start"])) == [pd.Timestamp("2026-10-01"), pd.Timestamp("2027-01-01")]


def test_only_a_period_reached_from_end_to_end_is_whole():
    table = calendar_sums(paths(1), DAYS, "month").set_index("period_start")["is_whole"]
    assert table.to_dict() == {
        pd.Timestamp("2026-11-01"): False,
        pd.Timestamp("2026-12-01"): True,
        pd.Timestamp("2027-01-01"): True,
        pd.Timestamp("2027-02-01"): False,
    }


def test_month_to_date_is_added_once_and_makes_the_month_whole():
    known = pd.DataFrame({"row": [0], "period_start": [pd.Timestamp("2026-11-01")], "value": [1900.0]})
    plain, added = (calendar_sums(paths(1), DAYS, "month", k).iloc[0] for k in (None, known))
    assert added["mean"] == pytest.approx(plain["mean"] + 1900)
    assert added["is_whole"]


def test_a_constant_sum_is_ordered_to_the_last_bit():
    times = np.arange("2026-11-01", "2027-02-01", dtype="datetime64[D]").astype("datetime64[us]")
    sums = calendar_sums(np.full((1, 1000, len(times)), 12.3456789), times, "month")
    bands = sums[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert (np.diff(bands, axis=1) >= 0).all()
