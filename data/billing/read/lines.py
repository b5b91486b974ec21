"""From columns named as in FOCUS to the temporary view `charge_line`, the one shape that every source ends in.

https://focus.finops.org/focus-specification/ . Costs are in BillingCurrency; times are UTC, periods [start, end).
FOCUS 1.3 renames ProviderName to ServiceProviderName: either is read. SubAccountId may be null where the vendor has no
sub-accounts: BillingAccountId stands in. ListCost and ContractedCost may be absent: then they are null.
"""

import difflib
from collections.abc import Sequence

import duckdb

from data.billing.read.scan import Scan
from data.billing.read.tags import owner_tag
from data.errors import SchemaMismatch
from data.warehouse import identifier, literal

REQUIRED = (
    "BillingPeriodStart",
    "ChargePeriodStart",
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "ChargeCategory",
)
TEXTS: dict[str, tuple[str, ...]] = {  # ours: theirs, the first that says something
    "provider": ("ServiceProviderName", "ProviderName", "Provider"),  # 1.3 may have both; OCI's
    "sub_account": ("SubAccountId",),
    "billing_account": ("BillingAccountId",),
    "service_category": ("ServiceCategory",),
    "product": ("ServiceName",),
    "region": ("RegionId", "Region"),
    "charge_category": ("ChargeCategory",),
    "charge_class": ("ChargeClass",),
    "charge_frequency": ("ChargeFrequency",),
    "pricing_category": ("PricingCategory",),
    "commitment_status": ("CommitmentDiscountStatus",),
    "commitment_id": ("CommitmentDiscountId",),
    "commitment_type": ("CommitmentDiscountType",),
    "commitment_category": ("CommitmentDiscountCategory",),
    "commitment_start": ("x_CommitmentStart",),
    "commitment_end": ("x_CommitmentEnd",),
    "payment_option": ("x_CommitmentPaymentOption",),
    "consumed_unit": ("ConsumedUnit", "UsageUnit"),
    "currency": ("BillingCurrency",),
    "invoice": ("InvoiceId",),
}
COSTS = {
    "billed_cost": "BilledCost",
    "effective_cost": "EffectiveCost",
    "list_cost": "ListCost",
    "contracted_cost": "ContractedCost",
}
_OFFSET = r"'\s*(Z|UTC|[+-]\d\d(:?\d\d)?)$'"
NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER")
TIMES = {
    "billing_period_start": "BillingPeriodStart",
    "charge_period_start": "ChargePeriodStart",
    "charge_period_end": "ChargePeriodEnd",
}


def make_charge_line(con: duckdb.DuckDBPyConnection, scan: Scan, tag_keys: Sequence[str]) -> None:
    """Make the temporary view `charge_line`, one row a line.

    Texts are as found. Where a cost or a time cannot be read it is null and `unreadable` says what was found.
    Raises SchemaMismatch.
    """
    for column in REQUIRED:
        if scan.find(column) is None:
            raise SchemaMismatch(
                f"{scan.where}: column {column} is missing{_near(column, scan)}; found {', '.join(scan.types)}; "
                "export it as FOCUS 1.0 or later"
            )
    key, value = owner_tag(con, scan, tag_keys)
    costs = {ours: _cost(scan, theirs) for ours, theirs in COSTS.items()}
    times = {ours: _time(scan, theirs) for ours, theirs in TIMES.items()}
    problems = [problem for _, problem in (*costs.values(), *times.values()) if problem]
    selected = [
        *(f"{_text(scan, theirs)} as {ours}" for ours, theirs in TEXTS.items()),
        *(f"{column} as {ours}" for ours, (column, _) in (costs | times).items()),
        f"{_quantity(scan)} as consumed_quantity",
        f"{'coalesce(' + ', '.join(problems) + ')' if problems else 'null::varchar'} as unreadable",
        f"{key} as owner_tag_key",
        f"{value} as owner_tag",
    ]
    con.execute(f"create or replace temp view charge_line as select {', '.join(selected)} from {scan.sql}")  # noqa: S608 - quoted names


def _text(scan: Scan, theirs: Sequence[str]) -> str:
    """Return a text; of two columns, as exports of the version between have them, the first that says something."""
    found = [name for name in theirs if scan.find(name)]
    if len(found) > 1:
        return f"coalesce({', '.join(f'no_text({scan.text(name)})' for name in found)})"
    return scan.text(*theirs)


def _near(column: str, scan: Scan) -> str:
    near = difflib.get_close_matches(column.lower(), [name.lower() for name in scan.types], n=1)
    return f" (is it {scan.find(near[0])!r}?)" if near else ""


def _cost(scan: Scan, theirs: str) -> tuple[str, str | None]:
    """Return a cost's expression, and one that says what could not be read; None where its type rules that out."""
    column = scan.find(theirs)
    if column is None:
        return "null::decimal(38, 20)", None
    if scan.types[column].startswith("DECIMAL"):  # summed at its own scale: exact, and no cast a line
        return identifier(column), None
    text = f"nullif(nullif(trim({scan.text(column)}), ''), 'NULL')"
    cost = f"try_cast({text} as decimal(38, 20))"
    return cost, f"case when {cost} is null then {literal(f'{theirs} holds ')} || {text} end"


def _time(scan: Scan, theirs: str) -> tuple[str, str | None]:
    """Return a time's expression in UTC, and one that says what could not be read."""
    column = scan.find(theirs)
    if column is None:  # only an end may be left out: what it has none of is charged where it starts
        return "null::timestamp", None
    kind = scan.types[column]
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        return f"{identifier(column)}::timestamp", None
    text = scan.text(column)
    time = f"try_cast({text} as timestamptz) at time zone 'UTC'"
    if theirs == "BillingPeriodStart":
        # What the vendor's own clock shows: 2026-10-01T00:00:00+08:00 is of October. billing_month() does the rest.
        time = f"coalesce(try_cast(regexp_replace(trim({text}), {_OFFSET}, '') as timestamp), {time})"
    is_lost = f"{time} is null" + (f" and no_text({text}) is not null" if theirs == "ChargePeriodEnd" else "")
    return time, f"case when {is_lost} then {literal(f'{theirs} holds ')} || coalesce({text}, 'nothing') end"


def _quantity(scan: Scan) -> str:
    column = scan.find("ConsumedQuantity", "UsageQuantity")
    if column and scan.types[column].startswith(NUMBERS):
        return f"{identifier(column)}::double"
    return f"try_cast({scan.text('ConsumedQuantity', 'UsageQuantity')} as double)"
