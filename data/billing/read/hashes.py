"""What a line says, and what it is of, as one number each: by them pieces of a delivery are compared (see overlap)."""

import re

from data.billing.read.columns import plain
from data.billing.read.scan import Scan
from data.warehouse import identifier, literal

# What a line has new in each delivery: its number, and the invoice that it comes on in the end.
_CHANGING = {"invoiceid", "billinvoiceid", "billinvoicingentity", "identitylineitemid", "identitytimeinterval", "id"}
# What tells a charge from others, whatever it costs, and what may have such a name and changes with each delivery.
_OF = re.compile(
    r"resource|instance|sku|meter|usagetype|operation|service|product|account|subscription|project|region|date|start|end|time"
)
_NOT_OF = re.compile(
    r"cost|price|rate|quantity|amount|credit|discount|tag|label|invoice|export|ingest|updated|modified|created|load"
)


def hashes(scan: Scan) -> str:
    """Return the select list of both, for a translation to pass on."""
    return f"{line_hash(scan)} as x_line, {what_hash(scan)} as x_what"


def line_hash(scan: Scan) -> str:
    """Return an expression that is equal where all columns are, those apart that change when nothing else does."""
    return _hash([name for name in scan.types if plain(name) not in _CHANGING])


def what_hash(scan: Scan) -> str:
    """Return an expression that is equal where lines are of one charge, though it cost something else by then."""
    return _hash([name for name in scan.types if _OF.search(plain(name)) and not _NOT_OF.search(plain(name))])


def _hash(names: list[str]) -> str:
    # Under their plain names, so that another spelling or order is the same; a name in another alphabet has none.
    said = sorted((plain(name) or name, name) for name in names)
    parts = ", ".join(f"{literal(f'|{name}=')} || nullif({identifier(column)}::varchar, '')" for name, column in said)
    return f"hash(concat({parts}))" if parts else "0::ubigint"
