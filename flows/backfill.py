"""Nights in the past, oldest first; what readers see changes once, at the end."""

from datetime import date, timedelta
from pathlib import Path

from prefect import flow

from data.warehouse import fetch_row, migrate, open_warehouse
from flows.nightly import nightly
from flows.settings import read_settings


@flow(name="backfill", validate_parameters=False)
def backfill(config: str, first: date, last: date) -> str:
    """Run the nights from `first` to `last`, both included; return the folder that readers see.

    The newest night of all is run again at the end, so that the tables that have no night of their own (cost, unit
    cost, scores) and the pages are those of today.
    """
    settings = read_settings(Path(config))
    with open_warehouse(settings.warehouse.path) as con:
        migrate(con)
        row = fetch_row(con, "select max(as_of) from night where state = 'done'")
    newest = max(last, row[0]) if row and row[0] else last
    for ago in range((last - first).days, -1, -1):
        night = last - timedelta(days=ago)
        if night < newest:
            nightly(config, night, is_published=False)
    return nightly(config, newest, scored_from=first)
