"""The same numbers on any number of threads: a night on a laptop equals a night on a cluster."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import hashlib
import numpy as np
import pandas as pd
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

rng = np.random.default_rng(1)
t = np.arange(1500)
y = np.exp(rng.normal(0, 0.1, (30, 1500))) * (2 + np.sin(2 * np.pi * t / 24)) * (1 + 0.2 * (t // 24 % 7 < 5))
ids = pd.DataFrame({"service": [f"s{k:02d}" for k in range(30)], "metric": "cpu"})
outcome = forecast(Panel(ids, y, np.datetime64("2026-01-05", "us"), "h"), 168)
print(hashlib.sha256(outcome.bands.tobytes() + outcome.paths(3, 1).tobytes()).hexdigest())
"""


def digest(threads: str) -> str:
    env = dict(os.environ, OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads, PYTHONPATH=str(ROOT))
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_forecast_is_bit_equal_on_one_and_on_four_threads():
    one = digest("1")
    assert len(one) == hashlib.sha256().digest_size * 2
    assert one == digest("4")
