"""Run the statsforecast models on a panel file; started with the Python of their own environment (pandas < 3).

    python competitors.py IN.parquet OUT.parquet HORIZON SEASON[,SEASON...] MODEL[,MODEL...]

IN holds unique_id, ds, y; OUT holds a column a model, and its seconds in the column's name after a "|".
"""

import sys
import time
import warnings

import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import MSTL, AutoETS, AutoTheta, SeasonalNaive

warnings.simplefilter("ignore")


def model(name, seasons):
    if name == "MSTL":
        return MSTL(season_length=seasons, trend_forecaster=AutoETS(model="ZZN"))
    season = {"AutoETS": AutoETS, "AutoTheta": AutoTheta, "SeasonalNaive": SeasonalNaive}[name]
    return season(season_length=seasons[0])


def main():
    source, target, horizon, seasons, names = sys.argv[1:]
    frame = pd.read_parquet(source)
    lengths = [int(season) for season in seasons.split(",")]
    found = None
    for name in names.split(","):
        started = time.perf_counter()
        chosen = model(name, lengths)
        chosen.alias = name
        engine = StatsForecast(models=[chosen], freq=1, n_jobs=2, fallback_model=SeasonalNaive(lengths[0]))
        part = engine.forecast(df=frame, h=int(horizon))
        part = part.rename(columns={name: f"{name}|{time.perf_counter() - started:.2f}"})
        found = part if found is None else found.merge(part, on=["unique_id", "ds"])
    found.to_parquet(target)


if __name__ == "__main__":
    main()
