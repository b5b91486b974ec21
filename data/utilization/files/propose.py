"""The `[[utilization]]` table that loads a file, proposed from its first thousand rows: `plimsoll doctor --file`.

What the rows say is written; what they cannot say (whose times these are, what a value is called) stands beside it as a
comment, and where they could be read in two ways both lines are given, neither of them taken.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from data.errors import InputError, NoData
from data.printable import in_one_line
from data.utilization.files.numbers import base_unit, known_units, possible_formats
from data.utilization.files.propose_names import METRIC_HINT, METRIC_WORDS, SERVICE_HINT, infer_pattern, metric_of
from data.utilization.files.propose_shape import propose_shape
from data.utilization.files.propose_table import TIME_TITLE, VALUE, Table, is_clock, is_numeric, is_times, read_table
from data.utilization.files.propose_times import propose_times
from data.utilization.part import LoadReading
from data.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NO_LOAD = {"_span", "_spandays", "table"}  # of Splunk's timechart and InfluxDB's annotated csv
_ABOUT = re.compile(r"(?i)^(resource|service|app|application|instance|host|name)s?:?$")


def propose(path: Path) -> str:
    """Return the table of configuration, as TOML, that loads a file, and what came of trying it as comments.

    Raises InputError where no column of times and no column of numbers can be told.
    """
    if not path.is_file():
        raise NoData(f"{path}: no such file; name the csv, csv.gz or parquet file itself")
    table = read_table(path)
    lines = [
        "[[utilization]]",
        'kind = "files"',
        f"name = {_quoted(_stem(path))}",
        f"path = {_quoted(str(path.resolve()))}",
        *_said(path, table),
    ]
    lines = [in_one_line(line) for line in lines]  # a file's own words stand in comments
    return "\n".join([*_tried(lines, path), *lines]) + "\n"


def _said(path: Path, table: Table) -> list[str]:
    """Return what has to be said of the columns, times and values; the names of columns last, as TOML wants it."""
    numbers = [at for at in range(len(table.titles)) if at != table.time and is_numeric(table.column(at))]
    numbers = [
        at
        for at in numbers
        if not (TIME_TITLE.search(table.titles[at]) and is_times(table.column(at))) and table.titles[at] not in NO_LOAD
    ]
    if not numbers:
        raise InputError(f"{path}: no column has numbers; found {', '.join(table.titles)}")
    clock = next((at for at in range(len(table.titles)) if at != table.time and is_clock(table, at)), None)
    others = [at for at in range(len(table.titles)) if at not in {table.time, clock, *numbers}]
    texts = [at for at in others if table.is_full(at) and not is_times(table.column(at))]
    columns = {"timestamp": table.titles[table.time]}
    if clock is not None:
        columns["time_of_day"] = table.titles[clock]
    named = {one: at for one, hint in (("service", SERVICE_HINT), ("metric", METRIC_HINT)) for at in texts
             if hint.search(table.titles[at])}  # fmt: skip
    if len(numbers) == 1 and "service" not in named and (rest := [at for at in texts if at != named.get("metric")]):
        named["service"] = rest[0]
    if "service" in named and "metric" not in named and (rest := [at for at in texts if at != named["service"]]):
        named["metric"] = rest[0]  # else two metrics would be one
    lines = []
    value = _value_column(table, numbers, named)
    if value is None:
        lines += _of_columns(path, table, numbers, named, columns)
    else:
        columns["value"] = table.titles[value]
        lines += _of_rows(path, table, value, named, columns)
    values = [text for at in (numbers if value is None else [value]) for text in table.column(at)]
    stamps = table.column(table.time)
    if clock is not None:
        stamps = [f"{row[table.time]} {row[clock]}" for row in table.rows if row[table.time] and row[clock]]
    lines += propose_times(stamps, table.titles[table.time])
    lines += _values(values, is_german="." in stamps[0][:4])
    lines += propose_shape(path, table.titles, _series(table, numbers, texts), values)
    defaults = {"timestamp": "timestamp", "value": "value", "service": "service", "metric": "metric"}
    told = [f"{ours} = {_quoted(theirs)}" for ours, theirs in columns.items() if defaults.get(ours) != theirs]
    return [*lines, *(["[utilization.columns]", *told] if told else [])]


def _series(table: Table, numbers: Sequence[int], texts: Sequence[int]) -> list[list[str]]:
    """Return the values of each series, in the file's order."""
    series: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in table.rows:
        for at in numbers:
            series[(table.titles[at], *(row[text] for text in texts))].append(row[at])
    return list(series.values())


def _value_column(table: Table, numbers: Sequence[int], named: dict[str, int]) -> int | None:
    """Return the column of values where a row is a sample; None where each column of numbers is a series."""
    if len(numbers) > 1:
        values = [
            at for at in numbers if re.fullmatch(r"(?i)value|val|_value|wert|valor|mean|average", table.titles[at])
        ]
        return values[0] if values and named else None
    if named or METRIC_WORDS.search(table.titles[numbers[0]]):
        says_service = re.search(r"(?i)service|app|job|\{", table.titles[numbers[0]]) and not named
        return None if says_service else numbers[0]
    return None


def _of_rows(path: Path, table: Table, value: int, named: dict[str, int], columns: dict[str, str]) -> list[str]:
    """Return what names the service and the metric of a row that is a sample."""
    lines = []
    if "service" in named:
        texts = sorted(set(table.column(named["service"])))
        pattern = infer_pattern(texts) if any(re.search(r"[{:=]", text) for text in texts) else None
        if pattern and pattern not in {"(?P<service>.+)", "(?P<metric>.+)"}:
            columns["series"] = table.titles[named["service"]]
            lines.append(f"series_pattern = {_literal(pattern)}")
            if "(?P<metric>" in pattern:
                return lines
        else:
            columns["service"] = table.titles[named["service"]]
    else:
        lines.append(_service(path, table))
    if "metric" in named:
        columns["metric"] = table.titles[named["metric"]]
    else:
        lines.append(
            f"metric = {_quoted(metric_of(table.titles[value]))}  # the file does not say it: its name in the catalog"
        )
    return lines


def _of_columns(
    path: Path, table: Table, numbers: Sequence[int], named: dict[str, int], columns: dict[str, str]
) -> list[str]:
    """Return what names the service and the metric of a column that is a series."""
    names = [table.titles[at] for at in numbers]
    lines = []
    row = _names_row(table, numbers)
    if row:
        lines.append(f"names_row = {_quoted(row[table.time])}")
        names = [row[at] for at in numbers]
    pattern = infer_pattern(names) if "service" not in named else "(?P<metric>.+)"
    if "service" in named:
        columns["service"] = table.titles[named["service"]]
    if pattern == "(?P<metric>.+)":
        pattern = _only(names, "metric")
        if "service" not in named:
            lines.append(_service(path, table))
    elif "(?P<metric>" not in pattern:
        others = [title for at, title in enumerate(table.titles) if at not in numbers and at != table.time and title]
        if not row and any(re.search(pattern, title) for title in others if title not in columns.values()):
            pattern = _only(names, "service")
        lines.append(f"metric = {_quoted(_metric(path))}  # the file does not say it: its name in the catalog")
    return [f"series_pattern = {_literal(pattern)}", *lines]


def _only(names: Sequence[str], group: str) -> str:
    """Return a pattern of these names and no other."""
    return f"^(?P<{group}>" + "|".join(re.escape(name).replace(r"\ ", " ").replace(r"\-", "-") for name in names) + ")$"


def _names_row(table: Table, numbers: Sequence[int]) -> list[str] | None:
    """Return the row under the header that names the series better than the header does."""
    for row in table.labels:
        if table.time < len(row) and SERVICE_HINT.search(row[table.time]) and len(row) > max(numbers):
            names = [row[at] for at in numbers]
            if all(names) and len(set(names)) == len(names) and names != [table.titles[at] for at in numbers]:
                return row
    return None


def _service(path: Path, table: Table) -> str:
    for cells in table.before:
        if len(cells) > 1 and _ABOUT.search(cells[0]) and cells[1]:
            return f"service = {_quoted(cells[1])}  # as the lines before the header say: its name in the catalog"
    return f"service = {_quoted(_stem(path))}  # the file does not say it: its name in the catalog"


def _metric(path: Path) -> str:
    match = METRIC_WORDS.search(path.name)
    return match[0].lower() if match else "load"


def _values(values: Sequence[str], *, is_german: bool) -> list[str]:
    """Return what has to be said of how values are written; where days are written with dots, thousands may be."""
    lines = []
    formats = possible_formats(values)
    dotted = [text for text in values if "." in text]
    if is_german and not formats and dotted and all(re.fullmatch(r"\d{1,3}(\.\d{3})+", text) for text in dotted):
        lines.append(f'# number_format = "1.234,5"  # if {dotted[0]} is {dotted[0].replace(".", "")}')
    if len(formats) == 1:
        lines.append(f'number_format = "{formats[0]}"')
    elif formats:
        odd = next(text for text in values if possible_formats([text]))
        lines.append(f"# {odd} can be two numbers. Take the # from the right line:")
        lines += [f'# number_format = "{one}"' for one in formats]
    units = {match[1].strip() for text in values if (match := VALUE.match(text)) and match[1]}
    known, problem = known_units(units, None)
    unit = base_unit(known) if not problem else None
    if problem:
        lines.append(f"# {problem}: load them apart")
    elif unit == "%":
        lines.append('# unit = "ratio"  # stores 45.2% as 0.452 rather than as 45.2')
    elif unit:
        lines.append(
            f'unit = "{unit}"  # in which they are stored: {next(text for text in values if not text[-1].isdigit())}'
        )
    return lines


def _tried(lines: Sequence[str], path: Path) -> list[str]:
    """Return as comments what came of reading the file's first rows by these lines."""
    from data.utilization.files.files import Files  # noqa: PLC0415 - which reads files as this proposes to

    said = tomllib.loads("\n".join(lines))["utilization"][0]
    try:
        ever = Window(datetime(1, 1, 1), datetime(9999, 1, 1))
        probed = Files.model_validate(said).probe(LoadReading(ever, path.parent))
    except InputError as error:
        return [f"# {error}"]
    return [f"# {in_one_line(probed.partition('; ')[2] or probed)}"]


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _literal(pattern: str) -> str:
    return f"'{pattern}'" if "'" not in pattern and pattern.isprintable() else _quoted(pattern)
