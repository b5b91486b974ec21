"""A delivery's files as one relation: the expression that reads them, and the columns it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.errors import BrokenDelivery
from data.warehouse import first_line, identifier, literal

_CSV = (
    "read_csv({files}, all_varchar = true, header = true, union_by_name = true, delim = ',', quote = '\"', "
    "escape = '\"', hive_partitioning = false)"
)
_PARQUET = "read_parquet({files}, union_by_name = true, hive_partitioning = false)"


@dataclass(frozen=True)
class Scan:
    """`sql` stands after `from`; `types` are the columns' types by their own spelling."""

    sql: str
    types: dict[str, str]

    def find(self, *names: str) -> str | None:
        """Return the file's spelling of the first of `names` that it has, whatever the case."""
        spelling = {name.lower(): name for name in self.types}
        return next((spelling[name.lower()] for name in names if name.lower() in spelling), None)

    def text(self, *names: str) -> str:
        """Return the first of `names` as an expression of type varchar, null where it has none of them."""
        found = self.find(*names)
        return f"{identifier(found)}::varchar" if found else "null::varchar"


def scan_files(source: str, files: Sequence[Path]) -> Scan:
    """Describe files of one layout; raises BrokenDelivery where one cannot be read."""
    reader = _PARQUET if files[0].suffix == ".parquet" else _CSV
    sql = reader.format(files="[" + ", ".join(literal(str(file)) for file in files) + "]")
    try:
        with duckdb.connect() as con:
            described = con.execute(f"describe from {sql}").fetchall()
    except duckdb.Error as error:
        raise BrokenDelivery(
            f"{source}: {files[0]}: {first_line(error)}; the file is cut short or is not what its name says: "
            "copy it again"
        ) from error
    return Scan(sql, {row[0]: row[1] for row in described})
