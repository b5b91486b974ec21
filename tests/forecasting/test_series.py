import numpy as np
import pandas as pd
import pytest

from forecasting.panel.series import PanelError, to_panel


def frame(**columns):
    base = {
        "service": ["b", "a", "a"],
        "metric": "cpu",
        "timestamp": pd.to_datetime(["2026-01-01 02:00", "2026-01-01 00:00", "2026-01-01 01:00"]),
        "value": [3.0, 1.0, 2.0],
    }
    return pd.DataFrame(base | columns)


def test_rows_are_sorted_by_name_and_columns_by_hour():
    panel = to_panel(frame(), grain="h")
    assert panel.ids.to_dict("list") == {"service": ["a", "b"], "metric": ["cpu", "cpu"]}
    np.testing.assert_array_equal(panel.y, [[1, 2, np.nan], [np.nan, np.nan, 3]])
    assert panel.start == np.datetime64("2026-01-01T00")
    assert panel.end == np.datetime64("2026-01-01T03")


def test_end_adds_missing_columns_up_to_it():
    panel = to_panel(frame(), grain="h", end=np.datetime64("2026-01-01T05"))
    assert panel.y.shape == (2, 5)
    assert np.isnan(panel.y[:, 3:]).all()
    assert list(panel.targets(2)) == [np.datetime64("2026-01-01T05"), np.datetime64("2026-01-01T06")]


def test_aware_stamps_are_taken_to_utc():
    stamps = pd.to_datetime(["2026-01-01 02:00", "2026-01-01 00:00", "2026-01-01 01:00"]).tz_localize("Europe/Berlin")
    assert to_panel(frame(timestamp=stamps), grain="h").start == np.datetime64("2025-12-31T23")


def test_infinite_values_become_missing():
    assert np.isnan(to_panel(frame(value=[np.inf, 1.0, 2.0]), grain="h").y[1, 2])


@pytest.mark.parametrize(
    ("bad", "grain", "message"),
    [
        (frame().drop(columns="value"), "h", "no column value"),
        (frame().iloc[:0], "h", "no rows"),
        (frame(timestamp=["a", "b", "c"]), "h", "column timestamp is"),
        (frame(timestamp=pd.to_datetime(["2026-01-01", None, "2026-01-02"])), "h", "1 nulls"),
        (frame(timestamp=pd.to_datetime(["2026-01-01 00:30"] * 3)), "h", "not whole UTC hours"),
        (frame(), "d", "not whole UTC days"),
        (frame(value=["1", "2", "3"]), "h", "column value is"),
        (frame(service=["a", "a", None]), "h", "column service holds nulls"),
        (pd.concat([frame(), frame()]), "h", "3 rows repeat"),
    ],
)
def test_a_frame_that_is_no_panel_is_refused_by_name_of_its_column(bad, grain, message):
    with pytest.raises(PanelError, match=message):
        to_panel(bad, grain=grain)


def test_stamps_at_or_after_end_are_refused():
    with pytest.raises(PanelError, match="1 stamps at or after end"):
        to_panel(frame(), grain="h", end=np.datetime64("2026-01-01T02"))
