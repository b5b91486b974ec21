"""What stands in for Athena: moto keeps the queries, DuckDB runs them, translated from Athena's SQL by sqlglot.

Moto answers every query with success and no result. What an UNLOAD asks for is run here on sample tables, and put where
it says, in files without an ending as Athena writes them.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import sqlglot
from botocore.client import BaseClient
from sqlglot import exp

_UNLOAD = re.compile(
    r"unload \((.*)\) to 's3://([^/]+)/(.*/)' with \(format = 'PARQUET', compression = 'SNAPPY'\)$", re.DOTALL
)


class Lake:
    """The tables of one database, known to moto's Glue, with their lines in DuckDB."""

    def __init__(self, clients: Sequence[BaseClient], folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.s3, self.athena, self.glue = clients
        self.con = duckdb.connect()
        self.con.execute(f'create schema "{database}"')
        self.glue.create_database(DatabaseInput={"Name": database})
        self.statements: list[str] = []
        self.seen: set[str] = set(self._ids())

    def add(self, table: str, lines: str) -> None:
        """Make a table of a query's rows, in the columns' lower case, and tell Glue of its columns."""
        found = [row[0] for row in self.con.execute(f"describe {lines}").fetchall()]
        columns = ", ".join(f'"{name}" as "{name.lower()}"' for name in found)
        self.con.execute(f'create or replace table "{self.database}"."{table}" as select {columns} from ({lines})')
        described = [{"Name": name.lower(), "Type": "string"} for name in found]
        self.glue.create_table(
            DatabaseName=self.database,
            TableInput={
                "Name": table,
                "StorageDescriptor": {"Columns": [one for one in described if one["Name"] != "billing_period"]},
                "PartitionKeys": [one for one in described if one["Name"] == "billing_period"],
            },
        )

    def work(self, command: str, path: str) -> None:
        """Run the queries that came since; to be called before each request."""
        if (command, path) != ("POST", "/"):
            return
        for query in self._ids():
            if query not in self.seen:
                self.seen.add(query)
                self._run(self.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Query"])

    def _ids(self) -> list[str]:
        return self.athena.list_query_executions()["QueryExecutionIds"]

    def _run(self, statement: str) -> None:
        self.statements.append(statement)
        found = _UNLOAD.match(statement)
        assert found, statement
        query, bucket, prefix = found.groups()
        assert "Contents" not in objects(self.s3, bucket, prefix), "UNLOAD wants an empty location"
        file = self.folder / "unloaded"
        self.con.execute(f"copy ({in_duckdb(query)}) to '{file}' (format parquet)")
        if self.con.execute(f"select count(*) from read_parquet('{file}')").fetchone() != (0,):
            self.s3.put_object(Bucket=bucket, Key=f"{prefix}20261120_020000_00001_abcde_0", Body=file.read_bytes())


def objects(s3: BaseClient, bucket: str, prefix: str) -> dict[str, object]:
    return s3.list_objects_v2(Bucket=bucket, Prefix=prefix)


def in_duckdb(query: str) -> str:
    """Return a query of Athena's in DuckDB's SQL; raises where it is not Athena's (Trino's) SQL."""
    tree = sqlglot.parse_one(query, read="athena", error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(tree, exp.Select)
    return tree.transform(_map_filter).sql("duckdb")


def _map_filter(node: exp.Expression) -> exp.Expression:
    """DuckDB has no map_filter: the map's entries, filtered, and put together again."""
    if not (isinstance(node, exp.Anonymous) and node.name.upper() == "MAP_FILTER"):
        return node
    tags, keeps = node.expressions
    names = dict(zip((name.name for name in keeps.expressions), ("key", "value"), strict=True))
    rule = keeps.this.transform(
        lambda inner: (
            exp.column(names[inner.name], "e") if isinstance(inner, exp.Identifier) and inner.name in names else inner
        )
    ).sql("duckdb")
    entries = tags.sql("duckdb")
    return sqlglot.parse_one(f"map_from_entries(list_filter(map_entries({entries}), lambda e : {rule}))", read="duckdb")
