"""Nights that the tests of the flows look at: run once, through the real command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.demo import SAMPLES, make_estate

PLIMSOLL = [sys.executable, "-c", "from flows.cli import main; main()"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def plimsoll(*arguments: str | Path, timeout: int = 300, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line as a user would, in a process of its own."""
    return subprocess.run(
        [*PLIMSOLL, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default", "COLUMNS": "200", **environment},
    )


@pytest.fixture(scope="session")
def small_estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the configuration of an estate of two services, on which no night has run."""
    return make_estate(tmp_path_factory.mktemp("small"), SAMPLES[:2])


@pytest.fixture
def fresh_estate(small_estate: Path, tmp_path: Path) -> Path:
    """Return the configuration of a copy of the small estate that a test may spoil."""
    shutil.copytree(small_estate.parent, tmp_path / "estate", ignore=shutil.ignore_patterns(".run"))
    return tmp_path / "estate" / "plimsoll.toml"


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the configuration of the demo estate, after its night."""
    directory = tmp_path_factory.mktemp("demo")
    done = plimsoll("demo", "--dir", directory)
    assert done.returncode == 0, done.stderr
    return directory / "plimsoll.toml"
