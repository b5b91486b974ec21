"""From columns named as in FOCUS to the temporary view `charge_line`, the one shape that every source ends in.

https://focus.finops.org/focus-specification/ . Costs are in BillingCurrency; times are UTC, periods [start, end).
FOCUS 1.3 renames ProviderName to ServiceProviderName: either is read. SubAccountId may be null where the vendor has no
sub-accounts: BillingAccountId stands in. ListCost and ContractedCost may be absent: then they are null.
"""

from collections.abc import Sequence

import duckdb

from data.billing.scan import Scan
from data.billing.tags import owner_tag
from data.errors import SchemaMismatch
from data.warehouse import identifier

REQUIRED = (
    "BillingPeriodStart",
    "ChargePeriodStart",
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "ChargeCategory",
)
TEXTS: dict[str, tuple[str, ...]] = {  # ours: theirs, the first that is there
    "provider": ("ServiceProviderName", "ProviderName"),
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
TIMES = {"billing_period_start": "BillingPeriodStart", "charge_period_start": "ChargePeriodStart"}


def make_charge_line(
    con: duckdb.DuckDBPyConnection, source: str, where: str, scan: Scan, tag_keys: Sequence[str]
) -> None:
    """Make the temporary view `charge_line`, one row a line.

    Texts are as found. A cost or a time that is not typed in the file has its text beside it (`*_text`) and is
    null where that cannot be read. Raises SchemaMismatch.
    """
    for column in REQUIRED:
        if scan.find(column) is None:
            raise SchemaMismatch(
                f"{source}: {where}: column {column} is missing; found {', '.join(scan.types)}; "
                "export it as FOCUS 1.0 or later"
            )
    key, value = owner_tag(con, scan, tag_keys)
    selected = [
        *(f"{scan.text(*theirs)} as {ours}" for ours, theirs in TEXTS.items()),
        *(column for ours, theirs in COSTS.items() for column in _cost(scan, ours, theirs)),
        *(column for ours, theirs in TIMES.items() for column in _time(scan, ours, theirs)),
        f"try_cast({scan.text('ConsumedQuantity', 'UsageQuantity')} as double) as consumed_quantity",
        f"{key} as owner_tag_key",
        f"{value} as owner_tag",
    ]
    con.execute(f"create or replace temp view charge_line as select {', '.join(selected)} from {scan.sql}")  # noqa: S608 - quoted names


def _cost(scan: Scan, ours: str, theirs: str) -> tuple[str, str]:
    column = scan.find(theirs)
    if column is None:
        return f"null::decimal(38, 12) as {ours}", f"null::varchar as {ours}_text"
    if scan.types[column].startswith("DECIMAL"):  # summed at its own scale: exact, and no cast a line
        return f"{identifier(column)} as {ours}", f"null::varchar as {ours}_text"
    text = f"nullif(nullif(trim({scan.text(column)}), ''), 'NULL')"
    return f"try_cast({text} as decimal(38, 12)) as {ours}", f"{text} as {ours}_text"


def _time(scan: Scan, ours: str, theirs: str) -> tuple[str, str]:
    column = scan.find(theirs)
    assert column is not None  # noqa: S101 - both times are required
    kind = scan.types[column]
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        return f"{identifier(column)}::timestamp as {ours}", f"null::varchar as {ours}_text"
    text = scan.text(column)
    return f"try_cast({text} as timestamptz) at time zone 'UTC' as {ours}", f"{text} as {ours}_text"
