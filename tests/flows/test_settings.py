from pathlib import Path

import pytest

from data.errors import ConfigError
from flows.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]


def settings_of(folder: Path, text: str) -> Path:
    file = folder / "plimsoll.toml"
    file.write_text(text, encoding="utf-8")
    return file


SOURCE = '[[utilization]]\nkind = "files"\nname = "a"\npath = "x"\n'


def test_the_example_is_read_as_it_stands_and_names_every_table(tmp_path):
    text = (ROOT / "plimsoll.example.toml").read_text(encoding="utf-8")
    (tmp_path / "services.toml").write_text("", encoding="utf-8")
    settings = read_settings(settings_of(tmp_path, text))
    assert {source.kind for source in settings.sources} == {
        "files",
        "prometheus",
        "cloudwatch",
        "focus",
        "cur",
        "azure",
        "gcp",
    }
    for name, field in type(settings).model_fields.items():
        table = field.alias or name
        assert f"[{table}" in text or f"\n# {table} = " in text, table


def test_paths_are_relative_to_the_file_and_not_to_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    settings = read_settings(settings_of(tmp_path, SOURCE))
    assert settings.warehouse.path == tmp_path / ".run/plimsoll.duckdb"
    assert settings.publish.dir == tmp_path / ".run/published"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no source; add [[utilization]] or [[billing]]"),
        (SOURCE + SOURCE, "two sources are called 'a'"),
        (SOURCE + '[compute]\nrunner = "spark"\n', "compute.runner: "),
        (SOURCE + '[schedule]\ntimezone = "Mars/Olympus"\n', "not a time zone; want a name such as Europe/Berlin"),
        (SOURCE + "[forecast]\nhourly_days = 0\n", "forecast.hourly_days: "),
        (SOURCE + '[warehouse]\npath = "what?/a.duckdb"\n', "warehouse.path: "),
        (SOURCE + '[publish]\ndir = "what?"\n', "DuckDB takes a ? for the end of a file's name"),
        (SOURCE + '[catalog]\nfile = "nowhere.toml"\n', "nowhere.toml: no such file"),
        (SOURCE + "[metrics.cpu]\nkind = 'speed'\n", "metrics.cpu.kind: "),
        (SOURCE + "series_pattern = '(?P<service>'\n", "series_pattern: is no pattern of Python's re: missing ),"),
        (SOURCE + "filename_pattern = '(?Pe>x)'\n", "filename_pattern: is no pattern"),
        (
            '[[utilization]]\nkind = "cloudwatch"\nname = "a"\ndimension_patterns = { A = "(?Pe>x)" }\n',
            "dimension_patterns: is no pattern",
        ),
        (SOURCE + "as_off = 2026-01-01\n", "utilization.0.files.as_off: unknown key"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(tmp_path, text, says):
    with pytest.raises(ConfigError) as error:
        read_settings(settings_of(tmp_path, text))
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        read_settings(tmp_path / "plimsoll.toml")
