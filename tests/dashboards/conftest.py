"""The estate, its snapshot and its rendered site, made once for all tests of the pages."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboards.site import render_site
from data.snapshot import write_snapshot
from data.warehouse import open_warehouse
from tests.dashboards.estate import make_estate


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate")
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con)
        write_snapshot(con, folder / "snapshot.duckdb")
    return folder / "snapshot.duckdb"


@pytest.fixture(scope="session")
def con(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(snapshot), read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def site(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with duckdb.connect(str(snapshot), read_only=True) as con:
        render_site(con, folder)
    return folder
