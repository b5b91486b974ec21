"""AWS Cost and Usage Reports, CUR 1 and CUR 2.0, translated to FOCUS columns by sql/billing/cur.sql.

https://docs.aws.amazon.com/cur/latest/userguide/data-dictionary.html (columns of CUR 1, which vary by month)
https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html (fixed columns of CUR 2.0, maps nested)
Times are UTC. Costs are in line_item_currency_code. A blank bill_invoice_id: the month is not final.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

import duckdb

from data.billing.cur.manifests import PERIOD, find_reports
from data.billing.deliveries import BillReading, Delivery, plain_delivery
from data.billing.exports import find_deliveries
from data.billing.kubernetes import OfNodes
from data.billing.read.columns import plain
from data.billing.read.hashes import hashes
from data.billing.read.lines import make_charge_line
from data.billing.read.owners import Owners
from data.billing.read.scan import Scan, describe, scan_files
from data.billing.read.tags import is_same_key
from data.billing.read.zipped import Zipped
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import below, locate
from data.storage.unpacked import MAX_RATIO, MaxRatio
from data.warehouse import fetch_row, identifier, literal, load_sql

ENDINGS = (".csv", ".csv.gz", ".zip", ".parquet")
REQUIRED = (
    "bill_billing_period_start_date",
    "line_item_line_item_type",
    "line_item_unblended_cost",
    "line_item_usage_start_date",
)
OPTIONAL = (
    "bill_invoice_id",
    "bill_billing_entity",
    "bill_payer_account_id",
    "line_item_currency_code",
    "line_item_net_unblended_cost",
    "line_item_product_code",
    "line_item_resource_id",
    "line_item_usage_account_id",
    "line_item_usage_amount",
    "line_item_usage_end_date",
    "line_item_usage_type",
    "pricing_public_on_demand_cost",
    "pricing_purchase_option",
    "pricing_term",
    "pricing_unit",
    "product_product_name",
    "product_region",
    "product_region_code",
    "reservation_effective_cost",
    "reservation_net_effective_cost",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "reservation_net_unused_recurring_fee",
    "reservation_end_time",
    "reservation_reservation_arn",
    "reservation_start_time",
    "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_recurring_fee",
    "savings_plan_end_time",
    "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_offering_type",
    "savings_plan_payment_option",
    "savings_plan_savings_plan_arn",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_start_time",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
    "split_line_item_net_split_cost",
    "split_line_item_parent_resource_id",
    "split_line_item_split_cost",
)
IN_MAPS = {"product_product_name": ("product", "product_name"), "product_region": ("product", "region")}  # of CUR 2.0
TAGS = {  # ours: the map of CUR 2.0, how CUR 1 begins its columns
    "tags": ("resource_tags", r"^resource_?tags[_/]"),
    "cost_categories": ("cost_category", r"^cost_?category[_/]"),
    "account_tags": ("account_tags", r"^account_?tags[_/]"),
    "all_tags": ("tags", r"^tags/"),
}


_LOST = (
    "discounts on fees that commitments paid in an earlier month are not in this report: what they cover counts before "
    "them; let the report have its net columns (of savings plans and reservations)"
)


class Cur(OfNodes):
    """A Cost and Usage Report: `uri` is the folder of a report, of a Data Export, of files, a file or a pattern."""

    kind: Literal["cur"]
    name: str
    uri: str
    superseded: bool = True  # the ledger reads executions that were never current on a night, too
    max_ratio: MaxRatio = MAX_RATIO
    aws: AwsAccess = AwsAccess()

    def located(self, root: Path) -> Self:
        """Return the same with its uri below `root`."""
        return super().located(root).model_copy(update={"uri": below(root, self.uri)})

    def deliveries(self, reading: BillReading) -> list[Delivery]:
        """Return what there is to read: the current report of each billing period, and those it superseded."""
        return [
            replace(delivery, folder=Zipped(self.name, delivery.folder, reading.cache, self.max_ratio))
            for delivery in self._packed(reading)
        ]

    def _packed(self, reading: BillReading) -> list[Delivery]:
        located = locate(self.name, self.uri, self.aws, reading.cache)
        names = located.folder.folders() if located.pattern is None else set()
        if any(PERIOD.match(name) for name in names):
            return find_reports(self.name, located.folder, reading.known if self.superseded else None)
        if names & {"data", "metadata"}:
            return find_deliveries(self.name, located, reading.known if self.superseded else None, reading.known_at)
        return [plain_delivery(self.name, located, ENDINGS)]

    def read(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, files: Sequence[Path], owners: Owners
    ) -> list[str]:
        """Make `charge_line` from the files; return what is odd about their columns."""
        scan = scan_files(self.name, delivery, files, max_ratio=self.max_ratio)
        odd = make_cur_line(con, scan, owners)
        missing = [name for name in ("line_item_currency_code", "bill_invoice_id") if _find(scan, name) is None]
        return [*odd, *(f"column {name} is missing" for name in missing)]


def make_cur_line(con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners) -> list[str]:
    """Make `charge_line` from a report's lines, or from sums of them; return what is odd about them."""
    is_split = _find(scan, "split_line_item_parent_resource_id") is not None
    con.execute(f"create or replace temp view cur_found as {_columns(scan, owners)}")
    parts = load_sql("billing/cur_split" if is_split else "billing/cur_whole")
    con.execute(f"create or replace temp view cur_line as {parts}")
    (facts,) = con.execute(load_sql("billing/cur_discount")).fetchall()
    has_net, plan, reservation, keys, is_lost, has_list, currency = facts
    con.execute("set variable cur_has_list = $is", {"is": has_list})
    con.execute("set variable cur_currency = $code", {"code": currency})
    con.execute("set variable cur_has_net = $is", {"is": has_net})
    con.execute("set variable cur_plan_ratio = $ratio::decimal(18, 12)", {"ratio": plan})
    con.execute("set variable cur_reservation_ratio = $ratio::decimal(18, 12)", {"ratio": reservation})
    con.execute("set variable cur_fee_keys = $keys::varchar[]", {"keys": keys})
    con.execute(f"create or replace temp view focus_line as {load_sql('billing/cur')}")
    odd = make_charge_line(con, describe(con, "focus_line", scan.where), owners)
    row = fetch_row(con, load_sql("billing/cur_split_lost")) if is_split else None
    if row and row[0]:
        odd.append(f"{row[0]} parts of nodes that are not in this report: they count nothing")
    return [*odd, _LOST] if is_lost else odd


def _columns(scan: Scan, owners: Owners) -> str:
    """Return a query of the report's columns by their CUR 2.0 names, as texts; null where the report lacks one."""
    for name in REQUIRED:
        if _find(scan, name) is None:
            raise SchemaMismatch(
                f"{scan.where}: column {name} is missing; found {', '.join(list(scan.types)[:20])}...; "
                "`kind` cur reads CUR 1 and CUR 2.0, `kind` focus reads FOCUS"
            )
    columns = [f"{_text(scan, name)} as {name}" for name in (*REQUIRED, *OPTIONAL)]
    columns += [f"{_tags(scan, owners, *names)} as {ours}" for ours, names in TAGS.items()]
    return f"select {', '.join(columns)}, {hashes(scan)} from {scan.sql}"  # noqa: S608 - quoted names


def _text(scan: Scan, name: str) -> str:
    """Return a column's text; from the map of CUR 2.0 where it has no column of its own."""
    column = _find(scan, name)
    if column:
        return f"nullif({identifier(column)}::varchar, '')"
    outer, key = IN_MAPS.get(name, ("", ""))
    column = scan.find(outer)
    if column and scan.types[column].startswith("MAP"):
        return f"nullif({identifier(column)}[{literal(key)}]::varchar, '')"
    if column:
        return f"nullif(json_extract_string(try_cast({identifier(column)} as json), {literal('/' + key)}), '')"
    return "null::varchar"


def _tags(scan: Scan, owners: Owners, column: str, prefix: str) -> str:
    """Return the tags of a kind that may name an owner: CUR 2.0's map, or the columns of CUR 1 that are wanted."""
    if (map_column := scan.find(column)) is not None:
        return identifier(map_column)
    starts = re.compile(prefix, re.IGNORECASE)
    columns = [(starts.sub("", scan.once(column)), column) for column in scan.types if starts.match(column)]
    values = {
        key: [f"nullif({identifier(column)}::varchar, '')" for tag, column in columns if is_same_key(tag, key)]
        for key in owners.keys
    }
    wanted = {key: f"coalesce({', '.join(spellings)})" for key, spellings in values.items() if spellings}
    if not wanted:
        return "null::map(varchar, varchar)"
    return f"map([{', '.join(map(literal, wanted))}], [{', '.join(wanted.values())}])"


def _find(scan: Scan, name: str) -> str | None:
    """Return the report's spelling of a column: lineItem/UnblendedCost is line_item_unblended_cost."""
    return scan.find(name, spelt=plain)
