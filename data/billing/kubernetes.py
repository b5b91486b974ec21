"""What pods cost of each node, by OpenCost's exported allocation: parquet of its exporter, or its csv.

https://www.opencost.io/docs/integrations/csv-export/ : Date, Namespace, Pod, CPUCost, RAMCost, GPUCost, ..., Labels
https://github.com/opencost/opencost-parquet-exporter : window.start, properties.providerID, properties.labels.*,
cpuCost, cpuCostAdjustment, ... . Costs are OpenCost's own estimates: only their shares of a node's day are used. A node
is found in the bill by its provider's id; where the export has none, as in csv, what carries the tag `cluster_tag`
with the cluster's name is split.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import duckdb
from pydantic import BaseModel, ConfigDict

from data.billing.deliveries import ENDINGS, LINES_ENDINGS, BillReading, plain_delivery
from data.billing.read.columns import as_texts, missing, plain
from data.billing.read.owners import Owners
from data.billing.read.scan import Scan, scan_files
from data.billing.read.tags import is_same_key
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.warehouse import fetch_row, identifier, literal, load_sql, run

COLUMNS: dict[str, tuple[str, ...]] = {
    "window_start": ("window.start", "WindowStart", "Date"),
    "window_end": ("window.end", "WindowEnd"),
    "name": ("name",),
    "provider_id": ("properties.providerID", "ProviderID"),
    "cluster": ("properties.cluster", "Cluster"),
    "namespace": ("properties.namespace", "Namespace"),
    "controller": ("properties.controller", "ControllerName", "Controller"),
    "pod": ("properties.pod", "Pod"),
    "container": ("properties.container", "Container"),
    "labels": ("Labels",),
    "cpu": ("cpuCost",),
    "cpu_adjustment": ("cpuCostAdjustment",),
    "ram": ("ramCost",),
    "ram_adjustment": ("ramCostAdjustment",),
    "gpu": ("gpuCost",),
    "gpu_adjustment": ("gpuCostAdjustment",),
}
REQUIRED = ("window_start", "cpu", "ram")
NAMED = ("namespace", "controller", "pod", "container", "cluster")
# A pod's label first, then its namespace's.
_LABELS = tuple(
    re.compile(rf"^(properties[._])?{kind}[._](?P<key>.+)$", re.IGNORECASE) for kind in ("labels?", "namespaceLabels?")
)


class Kubernetes(BaseModel):
    """Splits the charges of nodes by an allocation: `uri` is a folder, a file or a pattern.

    `cluster_tag` is the tag of charges that says their cluster, `cluster` its name where the allocation has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    uri: str
    cluster_tag: str | None = None
    cluster: str | None = None
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> "Kubernetes":
        """Return the same with its uri below `root`."""
        return self.model_copy(update={"uri": below(root, self.uri)})

    def load(self, con: duckdb.DuckDBPyConnection, source: str, owners: Owners, reading: BillReading) -> Owners:
        """Make the temporary table `node_part`; return what decides who owns a line, which then looks at nodes too."""
        located = locate(source, self.uri, self.aws, reading.cache)
        delivery = plain_delivery(source, located, (*ENDINGS, *LINES_ENDINGS))
        scan = scan_files(source, delivery, delivery.fetch())
        lacking = missing(scan, COLUMNS, REQUIRED)
        if lacking:
            raise SchemaMismatch(
                f"{scan.where}: column {lacking} is missing; found {', '.join(list(scan.types)[:20])}; want OpenCost's "
                "allocation, as its exporters write it"
            )
        if self.cluster_tag is None and scan.find(*COLUMNS["provider_id"], spelt=plain) is None:
            raise SchemaMismatch(
                f"{scan.where}: says no node (properties.providerID): say with cluster_tag which tag of charges names "
                "their cluster"
            )
        key, value = _owner(scan, owners)
        con.execute(
            f"create or replace temp view allocation_line as select {as_texts(scan, COLUMNS)}, "  # noqa: S608 - quoted names
            f"{key} as owner_tag_key, {value} as owner_tag, {_environment(scan, owners)} as environment from {scan.sql}"
        )
        con.execute("set variable silent_values = $values", {"values": [text.lower() for text in owners.silent]})
        long = fetch_row(con, load_sql("billing/allocation_long"))
        if long:
            raise SchemaMismatch(
                f"{scan.where}: the window from {long[0]} is longer than a day; export a day or an hour each"
            )
        run(
            con, f"create or replace temp table node_part as {load_sql('billing/node_part')}", {"cluster": self.cluster}
        )
        return replace(owners, nodes=f"{delivery.fingerprint} {self.model_dump_json()}", cluster_tag=self.cluster_tag)


class OfNodes(BaseModel):
    """A source of bills that may charge nodes: an allocation, where there is one, splits them into what pods cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kubernetes: Kubernetes | None = None

    def located(self, root: Path) -> Self:
        """Return the same with the allocation's uri below `root`; the source adds its own."""
        return self.model_copy(update={"kubernetes": self.kubernetes and self.kubernetes.located(root)})


def _owner(scan: Scan, owners: Owners) -> tuple[str, str]:
    """Return expressions for the key and the value that name a part's owner, null where none does."""
    values = _values(scan, owners.tag_keys)
    if not values:
        return "null::varchar", "null::varchar"
    keys = " ".join(f"when {value} is not null then {literal(key)}" for key, value in values)
    return f"case {keys} end", f"coalesce({', '.join(value for _, value in values)})"


def _environment(scan: Scan, owners: Owners) -> str:
    """Return an expression for the environment that a part is of, null where nothing says."""
    values = _values(scan, owners.environment_keys)
    return f"coalesce({', '.join(value for _, value in values)})" if values else "null::varchar"


def _values(scan: Scan, keys: Sequence[str]) -> list[tuple[str, str]]:
    """Return keys with what finds their values, in the order in which they decide."""
    return [(wanted, f"owner_text({place}::varchar)") for wanted in keys for place in _places(scan, wanted)]


def _places(scan: Scan, wanted: str) -> list[str]:
    """Return where a part may say a tag: labels, its namespace's, all in one, fields such as namespace."""
    matches = [(form.match(column), column) for form in _LABELS for column in scan.types]
    places = [identifier(column) for match, column in matches if match and is_same_key(match["key"], wanted)]
    labels = scan.find("Labels")
    if labels:
        keys = dict.fromkeys((wanted, re.sub(r"[^0-9A-Za-z]", "_", wanted)))  # as written, as Prometheus writes it
        pointers = [literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys]
        places += [f"json_extract_string(json_of({identifier(labels)}::varchar), {pointer})" for pointer in pointers]
    column = scan.find(*COLUMNS[wanted], spelt=plain) if wanted in NAMED else None
    return [*places, *([identifier(column)] if column else [])]
