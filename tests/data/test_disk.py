"""A disk without room: one line that names the folder, what is needed and what is free; nothing half made is left."""

import errno
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from data.errors import DiskFull
from data.snapshot import KEPT_RELEASES, new_release, remove_leftovers
from data.storage.disk import is_full, room

FULL = """
import sys
from pathlib import Path
from data.errors import DiskFull
from data.warehouse import open_warehouse
try:
    with open_warehouse(Path(sys.argv[1])) as con:
        con.execute("create table t as select hash(i) as a, random() as b from range(20000000) r(i)")
except DiskFull as error:
    print(error)
"""


def make_release(publish: Path, run_id: str) -> None:
    with new_release(publish, run_id) as aside:
        fill(aside)


def fill(aside: Path) -> None:
    (aside / "site").mkdir(parents=True)
    (aside / "snapshot.duckdb").write_bytes(b"x" * 1000)
    (aside / "site/index.html").write_text("hello", encoding="utf-8")


def names(publish: Path) -> set[str]:
    return {folder.name for folder in (publish / "releases").iterdir()}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_names_the_folder_what_is_needed_and_what_is_free(tmp_path: Path, code):
    with (
        pytest.raises(
            DiskFull,
            match=r"the disk is full: a release needs about 5 MiB, [\d,]+ MiB are free, so a quota .* is reached",
        ),
        room(tmp_path, "a release", 5 << 20, "name another"),
    ):
        raise OSError(code, "no")


def test_what_will_not_fit_is_not_begun(tmp_path: Path):
    with (
        pytest.raises(DiskFull, match=r"a release needs about [\d,]+ MiB, [\d,]+ MiB are free; make room"),
        room(tmp_path / "not yet", "a release", 1 << 60, "..."),
    ):
        raise AssertionError("it was begun")


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), duckdb.IOException("no such file"), ValueError("x")])
def test_other_errors_are_not_about_room(error):
    assert not is_full(error)


def test_a_warehouse_that_cannot_grow_says_so(tmp_path: Path):
    limited = ["bash", "-c", 'trap "" XFSZ; ulimit -f 20000; exec "$@"', "bash"]  # 20 MB a file, as a quota would
    done = subprocess.run(
        [*limited, sys.executable, "-c", FULL, str(tmp_path / "w.duckdb")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.startswith(f"{tmp_path}: the disk is full: a night needs"), done.stderr[-500:]


def test_a_release_that_fails_leaves_nothing_and_readers_on_the_last(tmp_path: Path):
    make_release(tmp_path, "one")
    with pytest.raises(DiskFull), new_release(tmp_path, "two") as aside:
        fill(aside)
        raise OSError(errno.ENOSPC, "no room")
    assert names(tmp_path) == {"one"}
    assert (tmp_path / "current").resolve().name == "one"


def test_partial_releases_of_killed_nights_push_no_good_one_out(tmp_path: Path):
    for run in ("one", "two", "three"):
        make_release(tmp_path, run)
    for number in range(5):
        (tmp_path / f"releases/.making-{number}").mkdir()  # as a killed night leaves it
        (tmp_path / f"releases/old-{number}").mkdir()  # as an older version of this program left it
        (tmp_path / f"releases/old-{number}/snapshot.duckdb").touch()
    make_release(tmp_path, "four")
    assert names(tmp_path) == {"two", "three", "four"}
    assert len(names(tmp_path)) == KEPT_RELEASES


def test_what_readers_see_is_never_a_leftover(tmp_path: Path):
    make_release(tmp_path, "one")
    (tmp_path / "releases/one/site/index.html").unlink()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == {"one"}


def test_a_run_that_publishes_twice_does_not_pull_the_first_away_from_its_readers(tmp_path: Path):
    make_release(tmp_path, "one")
    seen = (tmp_path / "current").resolve()
    make_release(tmp_path, "one")
    assert (seen / "snapshot.duckdb").exists()
    assert (tmp_path / "current").resolve().name == "one-2"
