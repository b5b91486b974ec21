"""What tests of every folder share: the sample data beside the checkout, an empty warehouse, the sample estate."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from threadpoolctl import threadpool_limits

from data import secret
from tests.warehouses import new_warehouse

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of public and made-up data; tests that use it are marked `shared`."""
    if not SHARED.is_dir():
        pytest.skip(f"the sample data is not beside the checkout ({SHARED})")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def one_thread_of_linear_algebra() -> Iterator[None]:
    """Keep linear algebra on one thread, as a night does: pytest's workers share out the cores."""
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture(autouse=True)
def forget_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test hide what another one took for a secret: its value may be a word of this one's."""
    monkeypatch.setattr(secret, "_handed_out", set())


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a connection to an empty warehouse with the current schema."""
    with new_warehouse(tmp_path / "warehouse.duckdb") as connection:
        yield connection
