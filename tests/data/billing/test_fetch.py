"""Places that bills are read from: what a uri names, and the cache of local copies."""

import os
from pathlib import Path

import pytest

from data.storage.aws import AwsAccess
from data.storage.cache import trim_cache
from data.storage.locate import below, locate


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("bills", ["a.csv"]),
        ("bills/*.csv", ["a.csv"]),
        ("bills/*/*.csv", ["2026/b.csv"]),
        ("bills/**/*.csv", ["2026/b.csv", "a.csv"]),
        ("bills/a.csv", ["a.csv"]),
        ("bills/*.parquet", []),
        ("nowhere", []),
    ],
)
def test_a_uri_names_a_folder_a_file_or_a_pattern(tmp_path: Path, uri: str, found: list[str]) -> None:
    (tmp_path / "bills/2026").mkdir(parents=True)
    for name in ("a.csv", "2026/b.csv", "notes.txt"):
        (tmp_path / "bills" / name).write_text("x")
    located = locate("aws", str(tmp_path / uri), AwsAccess(), tmp_path)
    assert [entry.key for entry in located.files([".csv"])] == found


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("bills [prod]*", ["a[1].csv"]),
        ("bills [prod]*/*.csv", ["a[1].csv"]),
        ("bills [prod]*/a[[]1].*", ["a[1].csv"]),
        ("bills [prod]*/a[1].csv", ["a[1].csv"]),
        ("bills*/20??/b?.csv", []),
        ("bills*/20??/b[[]1].csv", ["bills [prod]*/2026/b[1].csv"]),
        ("bills [prod]*/**/*.csv", ["2026/b[1].csv", "a[1].csv"]),
    ],
)
def test_names_that_look_like_patterns_are_names_where_they_are_there(tmp_path: Path, uri, found) -> None:
    folder = tmp_path / "of [all]" / "bills [prod]*"
    (folder / "2026").mkdir(parents=True)
    for name in ("a[1].csv", "2026/b[1].csv"):
        (folder / name).write_text("x")
    located = locate("aws", str(folder.parent / uri), AwsAccess(), tmp_path)
    assert [entry.key for entry in located.files([".csv"])] == found


def test_an_address_in_a_bucket_is_not_below_the_configuration() -> None:
    assert below(Path("/etc/plimsoll"), "s3://bucket/prefix") == "s3://bucket/prefix"
    assert below(Path("/etc/plimsoll"), "bills") == "/etc/plimsoll/bills"


def test_the_cache_keeps_what_was_used_last(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "old", "oldest")):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "bill.parquet"
        file.write_bytes(b"x" * 100)
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    trim_cache(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]
    trim_cache(tmp_path / "nowhere", 250)
