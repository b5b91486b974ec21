"""`plimsoll sql`: an answer is text as it is, and a question reads nothing but what is published."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from flows.published.place import published_dir
from flows.published.query import query_snapshot
from tests.flows.conftest import plimsoll

TEXTS = [
    "service[prod] cost",
    ":x: failed",
    "[/x]",
    "[bold red]alarm[/bold red]",
    "[link=http://x]y[/link]",
    "a\\[b",
    "100%",
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    with duckdb.connect(str(folder / "snapshot.duckdb")) as con:
        con.execute("create table answer (place integer, text varchar)")
        con.executemany("insert into answer values (?, ?)", list(enumerate(TEXTS)))
    return folder


@pytest.mark.parametrize("text", TEXTS)
def test_a_value_is_printed_as_it_is(published, monkeypatch, text):
    monkeypatch.setenv("COLUMNS", "120")
    for layout in ("table", "csv", "json"):
        answer = query_snapshot(published, f"select text from answer where place = {TEXTS.index(text)}", layout)
        found = {
            "table": lambda answer=answer: text if text in answer else answer,
            "csv": lambda answer=answer: list(csv.reader(io.StringIO(answer)))[1][0],
            "json": lambda answer=answer: json.loads(answer)[0]["text"],
        }[layout]()
        assert found == text


def test_names_of_columns_are_text_too(published):
    answer = query_snapshot(published, 'select 1 as "[bold]cost[/bold] :x:"', "table")
    assert "[bold]cost[/bold] :x:" in answer


def test_a_value_cannot_move_the_cursor_or_colour_the_terminal(published):
    answer = query_snapshot(published, "select chr(27) || '[2J' || chr(7) || 'gone' as text", "table")
    assert "\x1b" not in answer
    assert "\\x1b[2J\\x07gone" in answer


def test_the_command_prints_markup_as_text(published, tmp_path):
    config = tmp_path / "plimsoll.toml"
    config.write_text(f'[publish]\ndir = "{published}"\n', encoding="utf-8")
    done = plimsoll("sql", "--config", config, "select text from answer order by place")
    assert done.returncode == 0, done.stderr
    assert all(text in done.stdout for text in TEXTS)


@pytest.mark.parametrize(
    "question",
    [
        "select * from read_text('/etc/passwd')",
        "from '/etc/hostname'",
        "select * from read_csv('/etc/passwd', header = false, sep = ':')",
        "select * from glob('/etc/*')",
        "copy answer to '{out}/x.csv'",
        "attach '{out}/other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "export database '{out}/all'",
        "set enable_external_access = true",
        "pragma enable_external_access",
        "create table t as select 1",
    ],
)
def test_a_question_reads_and_writes_no_other_file(published, tmp_path, question):
    with pytest.raises(InputError, match=r"^sql: "):
        query_snapshot(published, question.replace("{out}", str(tmp_path)), "csv")
    assert list(tmp_path.iterdir()) == []


def test_files_are_read_and_written_where_a_flag_asks_for_it(published, tmp_path):
    (tmp_path / "teams.csv").write_text("place,team\n0,payments\n", encoding="utf-8")
    question = f"select team, text from answer join '{tmp_path}/teams.csv' using (place)"
    with pytest.raises(InputError, match="--files"):
        query_snapshot(published, question, "csv")
    assert query_snapshot(published, question, "csv", has_files=True) == "team,text\npayments,service[prod] cost"


@pytest.mark.parametrize(
    ("text", "folder"),
    [("", ".run/published"), ('[publish]\ndir = "out"\n', "out"), ('[publish]\ndir = "/abs"\nlake = true\n', "/abs")],
)
def test_where_a_configuration_publishes(tmp_path, text, folder):
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    assert published_dir(tmp_path / "p.toml") == tmp_path / folder
