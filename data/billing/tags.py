"""Who owns a line: the first of the configured tag keys that it carries, whatever the key's case."""

from collections.abc import Sequence

import duckdb

from data.billing.scan import Scan
from data.warehouse import identifier, literal


def owner_tag(con: duckdb.DuckDBPyConnection, scan: Scan, tag_keys: Sequence[str]) -> tuple[str, str]:
    """Return expressions for the key and the value of the tag that names a line's owner, null where none does.

    FOCUS has tags as a map (parquet), a list of key and value (parquet from Athena) or JSON (csv). The spellings that
    the files really use are looked up once, so that each line costs one exact look-up a key.
    """
    tags = _as_map(scan)
    if tags is None:
        return "null::varchar", "null::varchar"
    found = con.execute(
        f"select distinct unnest(map_keys({tags})) as key from {scan.sql} order by key"  # noqa: S608 - quoted names
    ).fetchall()
    spellings = [key for wanted in tag_keys for (key,) in found if key is not None and key.lower() == wanted.lower()]
    if not spellings:
        return "null::varchar", "null::varchar"
    values = [f"nullif(trim({tags}[{literal(key)}]), '')" for key in spellings]
    cases = " ".join(
        f"when {value} is not null then {literal(key)}" for key, value in zip(spellings, values, strict=True)
    )
    return f"case {cases} end", f"coalesce({', '.join(values)})"


def _as_map(scan: Scan) -> str | None:
    column = scan.find("Tags")
    if column is None:
        return None
    name, kind = identifier(column), scan.types[column]
    if kind.startswith("MAP"):
        return name
    if kind.endswith("[]"):
        return f"map_from_entries({name})"
    return f"try_cast(try_cast(nullif({name}, 'NULL') as json) as map(varchar, varchar))"
