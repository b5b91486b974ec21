"""What earlier nights' intervals teach the next ones."""

import numpy as np
import pandas as pd

from forecasting.intervals.live_widths import learn_widths
from forecasting.options import ForecastOptions
from forecasting.tournament import forecast
from tests.forecasting import breaking
from tests.forecasting.conftest import panel_of

DAYS = 60


def test_hours_of_an_outage_teach_nothing_of_how_wide_intervals_are_to_be():
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", DAYS) for seed in range(3)])
    history = y.copy()
    history[:, -30 * 24 : -27 * 24] = 0.0
    panel = panel_of(history)
    outcome = forecast(panel, 24, ForecastOptions(slow_series=0, origins=3, timezone={"*": "UTC"}))
    assert outcome.breaks["kind"].tolist() == ["outage"] * 3
    inside, everywhere = (learn_widths(outcome, live(panel, y, history, nights))[1] for nights in ([30], range(1, 41)))
    assert inside["live_coverage80"].isna().all()
    assert (everywhere["live_coverage80"] > 0.99).all()  # of the hours that were not down


def live(panel, expected, history, nights):
    """Earlier nights' forecasts, so many days ago, that were right but for what was down."""
    parts = []
    for service, mean, actual in zip(panel.ids["service"], expected, history, strict=True):
        for ago in nights:
            begin = (DAYS - ago) * 24
            hours = slice(begin, begin + 24)
            made_on = pd.Timestamp(panel.times[begin])
            cells = {"step": np.arange(24), "actual": actual[hours], "mean": mean[hours]}
            edges = {name: mean[hours] * (0.8 if name.startswith("lo") else 1.2) for name in LIMITS}
            parts.append(pd.DataFrame({"service": service, "metric": "requests", "made_on": made_on} | cells | edges))
    return pd.concat(parts)


LIMITS = ("lo80", "hi80", "lo95", "hi95")
