"""Without a question `plimsoll sql` becomes a shell on the snapshot, read-only; without one it says which to get."""

import os
import subprocess
import sys

import pytest

from data.errors import InputError
from flows.published.prompt import shell_command

CONFIG = '[publish]\ndir = "published"\n[[utilization]]\nkind = "files"\nname = "load"\npath = "load.csv"\n'


@pytest.fixture
def home(tmp_path):
    (tmp_path / "plimsoll.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "published").mkdir()
    (tmp_path / "published/snapshot.duckdb").write_bytes(b"")
    (tmp_path / "bin").mkdir()
    return tmp_path


def install(home, name):
    program = home / "bin" / name
    program.write_text(f'#!/bin/sh\necho {name} "$@"\n', encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("installed", "expected"),
    [(("duckdb",), "duckdb -readonly"), (("harlequin", "duckdb"), "harlequin --read-only")],
)
def test_the_snapshot_is_opened_for_reading_only_in_the_shell_that_is_there(home, installed, expected):
    for name in installed:
        install(home, name)
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "sql", "--config", str(home / "plimsoll.toml")],
        env=os.environ | {"PATH": f"{home / 'bin'}:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{expected} {home / 'published/snapshot.duckdb'}\n"


def test_without_a_shell_and_without_a_snapshot_it_says_what_to_do(home, monkeypatch):
    monkeypatch.setenv("PATH", str(home / "bin"))
    with pytest.raises(InputError, match="pip install harlequin"):
        shell_command(home / "published/snapshot.duckdb")
    with pytest.raises(InputError, match="nothing is published yet"):
        shell_command(home / "published/other.duckdb")
