"""From columns named as in FOCUS to the temporary view `charge_line`, the one shape that every source ends in.

https://focus.finops.org/focus-specification/ . Costs are in BillingCurrency; times are UTC, periods [start, end).
FOCUS 1.3 renames ProviderName to ServiceProviderName: either is read. SubAccountId may be null where the vendor has no
sub-accounts: BillingAccountId stands in. ListCost and ContractedCost may be absent: then they are null.
"""

import difflib
import re
from collections.abc import Mapping, Sequence

import duckdb

from data.billing.read.hashes import line_hash, what_hash
from data.billing.read.owners import Owners
from data.billing.read.scan import Scan
from data.billing.read.tags import Known, environment, node, owner_tag, rule_position
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
# What tells support and a marketplace from use; all that there is, since each says a part.
KIND = ("x_ChargeKind", "x_ServiceCode", "ServiceSubcategory", "x_PublisherCategory")
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
    "charge_kind": KIND,
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
KEPT_SCALE = 20  # digits after the point: vendors write up to 18, days of a charge end in more
_SCALE = re.compile(r"DECIMAL\(\d+,\s*(\d+)\)")
NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER")
TIMES = {
    "billing_period_start": "BillingPeriodStart",
    "charge_period_start": "ChargePeriodStart",
    "charge_period_end": "ChargePeriodEnd",
}


def make_charge_line(
    con: duckdb.DuckDBPyConnection, scan: Scan, owners: Owners, *, fills_list: bool = False
) -> list[str]:
    """Make the temporary view `charge_line`, one row a line; return what of the tags cannot be read.

    With `fills_list` use that costs something and has no list cost counts at its contracted cost, or else its effective
    one, as FOCUS says; such lines are `is_unlisted`. A list cost of zero is what the vendor says. Translations do it
    themselves: there a price of zero is none.
    Texts are as found. Where a cost or a time cannot be read it is null and `unreadable` says what was found.
    Raises SchemaMismatch.
    """
    for column in REQUIRED:
        if scan.find(column) is None:
            raise SchemaMismatch(
                f"{scan.where}: column {column} is missing{_near(column, scan)}; found {', '.join(scan.types)}; "
                "export it as FOCUS 1.0 or later"
            )
    known = Known()
    key, value = owner_tag(con, scan, owners, known)
    texts = {ours: _text(scan, theirs) for ours, theirs in TEXTS.items()}
    con.execute("set variable silent_values = $values", {"values": [text.lower() for text in owners.silent]})
    costs = {ours: _cost(scan, theirs) for ours, theirs in COSTS.items()}
    times = {ours: _time(scan, theirs) for ours, theirs in TIMES.items()}
    is_unlisted = f"coalesce({scan.text('x_IsUnlisted')}::boolean, false)" if scan.find("x_IsUnlisted") else "false"
    if fills_list and scan.find("ListCost"):
        costs["list_cost"], is_unlisted = _filled(costs, texts)
    quantity, is_quantity_lost = _quantity(scan)
    problems = [problem for _, problem in (*costs.values(), *times.values()) if problem]
    selected = [
        *(f"{text} as {ours}" for ours, text in texts.items()),
        *(f"{column} as {ours}" for ours, (column, _) in (costs | times).items()),
        f"{quantity} as consumed_quantity",
        f"{is_quantity_lost} as is_quantity_lost",
        f"{is_unlisted} as is_unlisted",
        f"{'coalesce(' + ', '.join(problems) + ')' if problems else 'null::varchar'} as unreadable",
        f"{'x_line' if scan.find('x_line') else line_hash(scan)} as line",
        f"{'x_what' if scan.find('x_what') else what_hash(scan)} as what",
        f"{key} as owner_tag_key",
        f"{value} as owner_tag",
        f"{rule_position(con, scan, owners, _rule_texts(texts), known)} as rule_position",
        f"{environment(con, scan, owners, known)} as environment",
        f"{node(con, scan, owners, known)} as node",
    ]
    con.execute(f"create or replace temp view charge_line as select {', '.join(selected)} from {scan.sql}")  # noqa: S608 - quoted names
    return known.odd


def _text(scan: Scan, theirs: Sequence[str]) -> str:
    """Return a text; of two columns, as exports of the version between have them, the first that says something."""
    present = [name for name in theirs if scan.find(name)]
    if len(present) > 1 and theirs is KIND:
        return f"concat_ws('|', {', '.join(scan.text(name) for name in present)})"
    if len(present) > 1:
        return f"coalesce({', '.join(f'no_value({scan.text(name)})' for name in present)})"
    return scan.text(*theirs)


def _rule_texts(texts: dict[str, str]) -> dict[str, str]:
    """Return the fields that a rule may ask for: an account is the sub-account, or what stands in for it."""
    account = f"coalesce(no_value({texts['sub_account']}), no_value({texts['billing_account']}))"
    return texts | {"account": account}


def _near(column: str, scan: Scan) -> str:
    near = difflib.get_close_matches(column.lower(), [name.lower() for name in scan.types], n=1)
    return f" (is it {scan.find(near[0])!r}?)" if near else ""


def _cost(scan: Scan, theirs: str) -> tuple[str, str | None]:
    """Return a cost's expression, and one that says what could not be read; None where its type rules that out."""
    column = scan.find(theirs)
    if column is None:
        return "null::decimal(38, 20)", None
    scale = _SCALE.match(scan.types[column])
    if scale:  # summed at its own scale: exact, and no cast a line, but where it has more than is kept
        return identifier(column) + ("::decimal(38, 20)" if int(scale[1]) > KEPT_SCALE else ""), None
    text = f"nullif(nullif(trim({scan.text(column)}), ''), 'NULL')"
    cost = f"try_cast({text} as decimal(38, 20))"
    return cost, f"case when {cost} is null then {literal(f'{theirs} holds ')} || {text} end"


def _filled(
    costs: Mapping[str, tuple[str, str | None]], texts: Mapping[str, str]
) -> tuple[tuple[str, str | None], str]:
    """Return the list cost with what stands in for it where it is empty, and whether it does."""
    (listed, problem), (contracted, _), (effective, _) = (
        costs[name] for name in ("list_cost", "contracted_cost", "effective_cost")
    )
    is_use = (
        f"lower({texts['charge_category']}) = 'usage' and lower({texts['commitment_status']}) is distinct from 'unused'"
    )
    is_unlisted = f"({listed} is null and {effective} > 0 and {is_use})"
    filled = f"case when {is_unlisted} then coalesce(nullif({contracted}, 0), {effective}) else {listed} end"
    return (filled, problem), f"coalesce({is_unlisted}, false)"


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
    is_lost = f"{time} is null" + (f" and no_value({text}) is not null" if theirs == "ChargePeriodEnd" else "")
    return time, f"case when {is_lost} then {literal(f'{theirs} holds ')} || coalesce({text}, 'nothing') end"


def _quantity(scan: Scan) -> tuple[str, str]:
    """Return a quantity's expression, and whether what is there is no number."""
    column = scan.find("ConsumedQuantity", "UsageQuantity")
    if column and scan.types[column].startswith(NUMBERS):
        return f"{identifier(column)}::double", "false"
    text = scan.text("ConsumedQuantity", "UsageQuantity")
    return f"try_cast({text} as double)", f"try_cast({text} as double) is null and no_value({text}) is not null"
