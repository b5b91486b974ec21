"""What a line's tags say: the first of the configured keys that it carries, whatever the key's case."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
from pyarrow import parquet

from data.billing.read.owners import Owners
from data.billing.read.scan import Scan
from data.warehouse import fetch_row, identifier, literal

ALLOCATED = ("AllocatedTags",)
COLUMNS = (
    "Tags",
    "x_ResourceTags",
    "x_ProjectLabels",
    "x_CostCategories",
    "x_AccountTags",
    "x_ResourceGroup",
    "x_ResourceGroupName",
    "x_Folder",
)
WHOLE = {"x_ResourceGroup": "resourcegroup", "x_ResourceGroupName": "resourcegroup", "x_Folder": "folder"}
# CUR 2.0's one map for all kinds of tags says the kind before the key.
_KIND = re.compile(r"^(resourceTags|accountTags?|costCategor(y|ies)|userAttributes?|iamPrincipal)/", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\W_]")  # letters of any alphabet are none
_EMPTY = ("", "null", "none", "{}", "[]")
_PAIRS = (  # a list of pairs, as AWS's tools write them too: Key and Value
    """list_transform(from_json({listed}, '["JSON"]'), lambda pair: struct_pack("""
    "key := coalesce(pair->>'key', pair->>'Key'), value := coalesce(pair->>'value', pair->>'Value')))"
)


@dataclass(frozen=True)
class Known:
    """What was found out of the files' columns of tags, so that each is looked through once.

    `forms` are of each column its expressions, how keys and values are got from them, and the keys; `odd` says what of
    them cannot be read.
    """

    forms: dict[str, list[tuple[str, dict[str, str], list[str]]]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)


def owner_tag(con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners, known: Known) -> tuple[str, str]:
    """Return expressions for the key and the value of the tag that names a line's owner, null where none does.

    What was allocated to a part of a resource comes first; else the first key that any column has: the line's own tags,
    then its project's labels, its cost categories, its account's tags. The spellings that the files really use are
    looked up once, so that each line costs one exact look-up a key.
    """
    values = _first_values(con, scan, owners.tag_keys, known)
    if not values:
        return "null::varchar", "null::varchar"
    if len(values) == 1:  # then its key goes without saying, and what it says is looked at once for each group of lines
        ((key, value),) = values
        return literal(key), f"{value}::varchar"
    cases = " ".join(f"when {_clean(value)} is not null then {literal(key)}" for key, value in values)
    return f"case {cases} end", f"coalesce({', '.join(_clean(value) for _, value in values)})"


def environment(con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners, known: Known) -> str:
    """Return an expression for the environment that a line is of, as its tags say, else null."""
    values = _first_values(con, scan, owners.environment_keys, known)
    return f"coalesce({', '.join(_clean(value) for _, value in values)})" if values else "null::varchar"


def rule_position(
    con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners, texts: Mapping[str, str], known: Known
) -> str:
    """Return an expression for the position of the first rule for single lines that a line fulfils, else null.

    `texts` are the expressions of the fields that a rule may ask for.
    """
    cases: list[str] = []
    for rule in owners.rules:
        asked = [(texts[name], wanted) for name, wanted in rule.fields.items()]
        if rule.resource is not None:
            asked.append((scan.text("ResourceId"), rule.resource))
        for key, wanted in rule.tags.items():
            values = [value for _, value in _values(con, scan, (*ALLOCATED, *COLUMNS), key, known)]
            asked.append((f"coalesce({', '.join(map(_clean, values))})" if values else "null::varchar", wanted))
        conditions = " and ".join(
            f"regexp_full_match(coalesce({text}, ''), {literal(re2)}, 'i')" for text, re2 in asked
        )
        cases.append(f"when {conditions} then {rule.position}")
    return f"(case {' '.join(cases)} end)::integer" if cases else "null::integer"


def node(con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners, known: Known) -> str:
    """Return an expression for the node of `node_part` that a line is a charge of, null where it is of none."""
    if not owners.nodes:
        return "null::varchar"
    said = [f"kube_node({scan.text('ResourceId')})"]
    if owners.cluster_tag is not None:
        said += [f"lower({_clean(value)})" for _, value in _values(con, scan, COLUMNS, owners.cluster_tag, known)]
    cases = " ".join(f"when {one} in (select node from node_part) then {one}" for one in said)  # noqa: S608 - quoted names
    return f"case {cases} end"


def _first_values(
    con: duckdb.DuckDBPyConnection, scan: Scan, keys: Sequence[str], known: Known
) -> list[tuple[str, str]]:
    """Return the spellings of keys with what finds their values, in the order in which they decide."""
    return [
        found
        for columns in (ALLOCATED, COLUMNS)
        for wanted in keys
        for found in _values(con, scan, columns, wanted, known)
    ]


def _values(
    con: duckdb.DuckDBPyConnection, scan: Scan, columns: Sequence[str], wanted: str, known: Known
) -> list[tuple[str, str]]:
    """Return the spellings of a key in the files with what finds its value, column by column."""
    values = []
    for name in columns:
        column = scan.find(name)
        if column is None:
            continue
        if name in WHOLE:  # the column is the value
            if _bare(wanted) == WHOLE[name]:
                values.append((wanted, identifier(column)))
            continue
        if column not in known.forms:
            known.forms[column] = [
                (tags, form, _stored_keys(scan, column) or _keys(con, scan, form["keys"].format(tags=tags)))
                for tags, form in _forms(con, scan, column, known.odd)
            ]
        for tags, form, keys in known.forms[column]:
            values += [
                (key, form["value"].format(tags=tags, key=literal(_path(form, key))))
                for key in keys
                if is_same_key(_KIND.sub("", key), wanted)
            ]
    return values


def _bare(key: str) -> str:
    return _PUNCTUATION.sub("", key.lower())


def is_same_key(one: str, other: str) -> bool:
    """Tell whether two keys are one: case differs between files, Athena writes user:service as user_service."""
    return plain_key(one) == plain_key(other)


def plain_key(key: str) -> str:
    """Return a key as all its spellings."""
    return _PUNCTUATION.sub("_", unicodedata.normalize("NFC", key).lower())


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
    rows = con.execute(f"select distinct unnest({keys}) as key from {scan.sql} order by key").fetchall()  # noqa: S608 - quoted names
    return [key for (key,) in rows if key is not None]


def _forms(con: duckdb.DuckDBPyConnection, scan: Scan, column: str, odd: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the tags' expressions, and how keys and values are got from each; text may be of two forms."""
    name, kind = identifier(column), scan.types[column]
    if kind.endswith("[]"):
        if re.search(r"\bkey\b.*\bvalue\b", kind, re.IGNORECASE):
            return [(name, _LIST)]
        odd.append(f"{column} of type {kind} cannot be read: want a map, JSON, or pairs of key and value")
        return []
    if kind.startswith("MAP"):
        return [(name, _MAP)]
    if kind.startswith("STRUCT"):
        return [(f"to_json({name})", _OBJECT)]
    text = f"trim({scan.text(column)})"
    # Azure leaves the braces out: "team": "web","env": "prod"
    braced = f"when starts_with({text}, '\"') then '{{' || {text} || '}}'"
    tags = f"json_of(case {braced} when starts_with({text}, '{{') then {text} end)"
    pairs = _PAIRS.format(listed=f"json_of(case when starts_with({text}, '[') then {text} end)")
    row = fetch_row(
        con,
        f"with said as (select {name}, count(*) as lines from {scan.sql} group by all), "  # noqa: S608 - quoted names
        f"read as (select {text} as text, lines, {tags} is not null as is_object, {pairs} as pairs from said), "
        "judged as (select *, not is_object and (pairs is null or list_bool_or(list_transform(pairs, lambda one: "
        f"one.key is null))) and lower(text) not in ({', '.join(map(literal, _EMPTY))}) as is_odd from read) "
        "select coalesce(bool_or(len(pairs) > 0), false), sum(lines) filter (where is_odd), "
        "min(text) filter (where is_odd) from judged",
    )
    has_pairs, lines, example = row or (False, 0, None)
    if lines:
        odd.append(
            f"{lines} lines have {column} that cannot be read ({str(example)[:60]}): want JSON; they name no owner"
        )
    return [(tags, _OBJECT), *([(pairs, _LIST)] if has_pairs else [])]


def _path(form: dict[str, str], key: str) -> str:
    """Return what finds a key: itself, or its JSON pointer."""
    return "/" + key.replace("~", "~0").replace("/", "~1") if form is _OBJECT else key


def _clean(value: str) -> str:
    return f"owner_text({value}::varchar)"
