"""Files that somebody dropped or saved oddly: links and keys that lead away, bombs, texts that are not UTF-8."""

import gzip
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.catalog import read_catalog
from data.errors import BrokenDelivery, ConfigError, InputError
from data.storage.entry import Entry
from data.storage.folder import LocalFolder
from data.storage.unpacked import check_unpacked
from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.window import Window
from flows.settings import read_settings

LINE = "checkout,cpu,2026-11-01T00:00:00Z,1\n"
HEAD = "service,metric,timestamp,value\n"


def load(path: Path, **more: object) -> None:
    source = Files.model_validate({"kind": "files", "name": "load", "path": str(path), **more})
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        source.read(con, LoadReading(Window.ending(date(2026, 11, 20), 30), path.parent))
        con.execute("from raw_sample").fetchall()


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Return a folder that others may drop files into, with a secret beside it."""
    (tmp_path / "secret.csv").write_text(HEAD + LINE, encoding="utf-8")
    (tmp_path / "private").mkdir()
    (tmp_path / "private/a.csv").write_text(HEAD + LINE, encoding="utf-8")
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "good.csv").write_text(HEAD + LINE, encoding="utf-8")
    return folder


@pytest.mark.parametrize("target", ["../secret.csv", "../private/a.csv"])
def test_a_link_that_leads_out_of_a_folder_is_refused(drop: Path, target: str):
    (drop / "x.csv").symlink_to(target)
    with pytest.raises(InputError, match=r"x\.csv: leads out of .*drop"):
        load(drop)


def test_a_linked_folder_that_leads_out_is_refused(drop: Path):
    (drop / "deep").symlink_to("../private")
    with pytest.raises(InputError, match="leads out of"):
        LocalFolder(drop).entries("deep")


@pytest.mark.parametrize("key", ["../secret.csv", "deep/../../secret.csv"])
def test_a_key_of_a_manifest_that_leads_out_is_refused(drop: Path, key: str):
    for take in (LocalFolder(drop).read, lambda entry: LocalFolder(drop).local([entry])):
        with pytest.raises(InputError, match="leads out of"):
            take(Entry(key, 1, "1"))


def test_links_within_the_folder_a_linked_folder_and_a_file_that_is_named_are_followed(drop: Path, tmp_path: Path):
    (drop / "again.csv").symlink_to("good.csv")
    load(drop)
    (tmp_path / "mounted").symlink_to(drop)
    load(tmp_path / "mounted")
    (tmp_path / "named.csv").symlink_to("private/a.csv")
    load(tmp_path / "named.csv")


@pytest.mark.parametrize("members", [1, 3])
def test_a_gzip_bomb_of_load_is_refused_before_it_is_read(tmp_path: Path, members: int):
    piece = gzip.compress(HEAD.encode() + LINE.encode() * 4_000_000)
    (tmp_path / "load.csv.gz").write_bytes(piece * members)
    with pytest.raises(BrokenDelivery, match="unpacks to more than"):
        load(tmp_path)


def test_a_parquet_bomb_of_load_is_refused_before_it_is_read(tmp_path: Path):
    with duckdb.connect() as con:
        con.execute(
            "copy (select 'a' as service, 'cpu' as metric, timestamp '2026-11-01' as timestamp, 1.0 as value "
            f"from range(40000000)) to '{tmp_path}/load.parquet' (format parquet, compression zstd)"
        )
    with pytest.raises(BrokenDelivery, match="unpacks to more than"):
        load(tmp_path)


def test_an_honest_file_and_one_that_is_allowed_are_read(tmp_path: Path):
    (tmp_path / "load.csv.gz").write_bytes(gzip.compress((HEAD + LINE * 1000).encode()))
    load(tmp_path)
    check_unpacked("load", tmp_path / "load.csv.gz", 1)  # small files may unpack to what they will
    load(tmp_path, max_ratio=2000)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[checkout]\nteam = 'Zahlungsverkehr Köln'\n".encode("latin-1"), "not UTF-8 (byte 0xf6 in line 2)"),
        ("[checkout]\n".encode("utf-16"), "not UTF-8 (byte 0xff in line 1)"),
        (b"[checkout]\ntier = 0\nteam = 'a\x80b'\n", "not UTF-8 (byte 0x80 in line 3)"),
        (b"\x00\x01\x02", "not TOML"),
    ],
)
def test_a_catalog_and_a_configuration_that_are_not_utf8_are_one_line(tmp_path: Path, content: bytes, says: str):
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    for read in (read_catalog, read_settings):
        with pytest.raises(ConfigError) as found:
            read(file)
        assert says in str(found.value)
        assert "\n" not in str(found.value)


def test_the_mark_that_editors_on_windows_write_first_does_no_harm(tmp_path: Path):
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf[checkout]\ntier = 0\n")
    assert read_catalog(tmp_path / "a.toml")["checkout"].tier == 0


def test_a_refusal_is_one_line_that_a_terminal_only_shows_whatever_a_name_holds(tmp_path):
    head = "service,metric,timestamp,va\x0blu\x1b[2J\u2028e\n"
    (tmp_path / "load.csv").write_text(head + LINE, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(tmp_path / "load.csv")
    assert r"va\x0blu\x1b[2J\u2028e" in str(refused.value)
