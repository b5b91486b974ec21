"""Who owns a line: the first of the configured tag keys that it carries, whatever the key's case."""

import re
from collections.abc import Sequence

import duckdb
from pyarrow import parquet

from data.billing.read.scan import Scan
from data.warehouse import fetch_row, identifier, literal

_PUNCTUATION = re.compile(r"[^0-9a-z]")
_PAIRS = """'[{"key":"VARCHAR","value":"VARCHAR"}]'"""


def owner_tag(
    con: duckdb.DuckDBPyConnection, scan: Scan, tag_keys: Sequence[str], column: str = "Tags"
) -> tuple[str, str]:
    """Return expressions for the key and the value of the tag that names a line's owner, null where none does.

    Tags come as a map, as a list of key and value, or as the JSON of either. The spellings that the files really use
    are looked up once, so that each line costs one exact look-up a key.
    """
    found = scan.find(column)
    if found is None or not tag_keys:
        return "null::varchar", "null::varchar"
    used = [
        (key, _clean(form["value"].format(tags=tags, key=literal(_path(form, key)))))
        for tags, form in _forms(con, scan, found)
        for key in (_stored_keys(scan, found) or _keys(con, scan, form["keys"].format(tags=tags)))
    ]
    owners = [(key, value) for wanted in tag_keys for key, value in used if is_same_key(key, wanted)]
    if not owners:
        return "null::varchar", "null::varchar"
    if len(owners) == 1:  # then its key goes without saying: two texts less to look at, a line
        ((key, value),) = owners
        return literal(key), value
    cases = " ".join(f"when {value} is not null then {literal(key)}" for key, value in owners)
    return f"case {cases} end", f"coalesce({', '.join(value for _, value in owners)})"


def is_same_key(one: str, other: str) -> bool:
    """Tell whether two keys are one: case differs between files, Athena writes user:service as user_service."""
    return plain_key(one) == plain_key(other)


def plain_key(key: str) -> str:
    """Return a key as all its spellings."""
    return _PUNCTUATION.sub("_", key.lower())


_MAP = {"keys": "map_keys({tags})", "value": "{tags}[{key}]"}
_LIST = {
    "keys": "list_transform({tags}, lambda tag: tag.key)",
    "value": "list_filter({tags}, lambda tag: tag.key = {key})[1].value",
}
_OBJECT = {"keys": "json_keys({tags})", "value": "json_extract_string({tags}, {key})"}


def _stored_keys(scan: Scan, column: str) -> list[str]:
    """Return the keys of a map in parquet files, in order, by the dictionaries they are stored with.

    A tenth of the time that a query takes which looks at every line's.
    """
    if not scan.types[column].startswith("MAP(VARCHAR"):
        return []
    keys: set[str] = set()
    path = f"{column}.key_value.key"  # older writers name the middle otherwise: then the lines are asked
    for file in scan.parquet:
        content = parquet.ParquetFile(file, read_dictionary=[path])
        there = {content.schema.column(number).path for number in range(len(content.schema))}
        if path not in there and any(name.startswith(f"{column}.") for name in there):
            return []
        for group in range(content.num_row_groups) if path in there else ():
            pairs = content.read_row_group(group, columns=[path], use_threads=False).column(0)
            for chunk in pairs.chunks:
                keys.update(chunk.values.field(0).dictionary.to_pylist())
    return sorted(keys)


def _keys(con: duckdb.DuckDBPyConnection, scan: Scan, keys: str) -> list[str]:
    found = con.execute(f"select distinct unnest({keys}) as key from {scan.sql} order by key").fetchall()  # noqa: S608 - quoted names
    return [key for (key,) in found if key is not None]


def _forms(con: duckdb.DuckDBPyConnection, scan: Scan, column: str) -> list[tuple[str, dict[str, str]]]:
    """Return the tags' expressions, and how keys and values are got from each; text may be of two forms."""
    name, kind = identifier(column), scan.types[column]
    if kind.endswith("[]"):
        return [(name, _LIST)]
    if kind.startswith("MAP"):
        return [(name, _MAP)]
    if kind.startswith("STRUCT"):
        return [(f"to_json({name})", _OBJECT)]
    text = f"trim({name}::varchar)"
    # Azure leaves the braces out: "team": "web","env": "prod"
    braced = f"when starts_with({text}, '\"') then '{{' || {text} || '}}'"
    forms = [(f"try_cast(case {braced} when starts_with({text}, '{{') then {text} end as json)", _OBJECT)]
    row = fetch_row(con, f"select bool_or(starts_with({text}, '[')) from {scan.sql}")  # noqa: S608 - quoted names
    if row and row[0]:
        pairs = f"case when starts_with({text}, '[') then try_cast({text} as json) end"
        forms.append((f"from_json({pairs}, {_PAIRS})", _LIST))
    return forms


def _path(form: dict[str, str], key: str) -> str:
    """Return what finds a key: itself, or its JSON pointer."""
    return "/" + key.replace("~", "~0").replace("/", "~1") if form is _OBJECT else key


def _clean(value: str) -> str:
    return f"no_text({value}::varchar)"
