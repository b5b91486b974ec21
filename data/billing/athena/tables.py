"""The columns of an export's table in Athena, FOCUS or Cost and Usage Report 2.0, and the query that sums it.

https://docs.aws.amazon.com/cur/latest/userguide/dataexports-processing.html : columns are in lower case, and
`billing_period` (YYYY-MM) is the partition. Which columns there are depends on the version of the export (FOCUS 1.0 has
no InvoiceId, 1.4 no ProviderName): the table's own description says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.errors import SchemaMismatch
from data.warehouse import literal, load_sql

COST, QUANTITY, TEXT, TIME, MAP = "decimal(38, 12)", "double", "varchar", "timestamp", "map(varchar, varchar)"


@dataclass(frozen=True)
class Table:
    """A kind of export: `columns` are ours with their types, `other_names` what else they are called, by preference."""

    query: str
    columns: Mapping[str, str]
    required: tuple[str, ...]
    other_names: Mapping[str, tuple[str, ...]]


FOCUS = Table(
    "billing/athena_focus",
    dict.fromkeys(("billingperiodstart", "chargeperiodstart", "chargeperiodend"), TIME)
    | dict.fromkeys(
        (
            "billingcurrency",
            "chargecategory",
            "chargeclass",
            "chargefrequency",
            "pricingcategory",
            "commitmentdiscountstatus",
            "providername",
            "billingaccountid",
            "subaccountid",
            "servicecategory",
            "servicename",
            "regionid",
            "consumedunit",
            "invoiceid",
        ),
        TEXT,
    )
    | {"tags": MAP}
    | dict.fromkeys(("billedcost", "effectivecost", "listcost", "contractedcost"), COST)
    | {"consumedquantity": QUANTITY},
    ("billingperiodstart", "chargeperiodstart", "billingcurrency", "chargecategory", "billedcost", "effectivecost"),
    {"providername": ("serviceprovidername", "providername")},
)
CUR = Table(
    "billing/athena_cur",
    dict.fromkeys(("bill_billing_period_start_date", "line_item_usage_start_date", "line_item_usage_end_date"), TIME)
    | dict.fromkeys(
        (
            "line_item_line_item_type",
            "bill_invoice_id",
            "bill_billing_entity",
            "bill_payer_account_id",
            "line_item_currency_code",
            "line_item_product_code",
            "line_item_usage_account_id",
            "line_item_usage_type",
            "pricing_term",
            "pricing_unit",
            "product_region_code",
            "reservation_reservation_arn",
        ),
        TEXT,
    )
    | dict.fromkeys(("product", "resource_tags"), MAP)
    | dict.fromkeys(
        (
            "line_item_unblended_cost",
            "line_item_net_unblended_cost",
            "pricing_public_on_demand_cost",
            "reservation_effective_cost",
            "reservation_net_effective_cost",
            "reservation_net_unused_amortized_upfront_fee_for_billing_period",
            "reservation_net_unused_recurring_fee",
            "reservation_unused_amortized_upfront_fee_for_billing_period",
            "reservation_unused_recurring_fee",
            "savings_plan_net_savings_plan_effective_cost",
            "savings_plan_savings_plan_effective_cost",
            "savings_plan_total_commitment_to_date",
            "savings_plan_used_commitment",
        ),
        COST,
    )
    | {"line_item_usage_amount": QUANTITY},
    (
        "bill_billing_period_start_date",
        "line_item_usage_start_date",
        "line_item_line_item_type",
        "line_item_unblended_cost",
    ),
    {},
)


def sums(where: str, table: str, there: Sequence[str], months: Sequence[str], tag_keys: Sequence[str]) -> str:
    """Return the query that sums `months` of a table that has the columns `there`; raises SchemaMismatch."""
    kind = CUR if "line_item_unblended_cost" in there else FOCUS
    lacking = [name for name in ("billing_period", *kind.required) if name not in there]
    if lacking:
        raise SchemaMismatch(
            f"{where}: column {lacking[0]} is missing; found {', '.join(there)}; want the table of a FOCUS or CUR 2.0 "
            "data export, partitioned by billing_period"
        )
    selected = []
    for ours, of_type in kind.columns.items():
        column = next((name for name in kind.other_names.get(ours, (ours,)) if name in there), "null")
        selected.append(f"cast({column} as {of_type}) as {ours}")
    keys = ", ".join(map(literal, tag_keys))
    text = [line for line in load_sql(kind.query).splitlines() if not line.startswith("--")]
    return (
        "\n".join(text)
        .replace("$columns", ",\n        ".join(selected))
        .replace("$table", table)
        .replace("$months", ", ".join(f"'{month}'" for month in months))
        .replace("$is_owner", f"regexp_replace(lower(k), '[^0-9a-z]', '_') in ({keys})" if keys else "false")
    )
