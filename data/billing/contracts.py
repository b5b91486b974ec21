"""FOCUS's data sets beside cost and usage: ContractCommitment (1.3, 1.4), InvoiceDetail and BillingPeriod (1.4).

https://focus.finops.org/focus-specification/ : a contract commitment is what was signed, with its period and its cost
or quantity; invoice details are what invoices say of a billing period, which bills are compared with; a billing period
is Open while it may still change, and Closed once all of it is final.
"""

from pathlib import Path

import duckdb

from data.billing.deliveries import ENDINGS, LINES_ENDINGS, plain_delivery
from data.billing.read.columns import as_texts, missing
from data.billing.read.scan import scan_files
from data.errors import SchemaMismatch
from data.storage.aws import AwsAccess
from data.storage.locate import locate
from data.warehouse import load_sql, replace_window

COMMITMENT: dict[str, tuple[str, ...]] = {
    "commitment_id": ("ContractCommitmentId",),
    "currency": ("BillingCurrency",),
    "start_utc": ("ContractCommitmentPeriodStart",),
    "end_utc": ("ContractCommitmentPeriodEnd",),
    "commitment_type": ("ContractCommitmentType",),
    "commitment_category": ("ContractCommitmentCategory",),
    "cost": ("ContractCommitmentCost",),
    "quantity": ("ContractCommitmentQuantity",),
    "unit": ("ContractCommitmentUnit",),
    "payment_model": ("ContractCommitmentPaymentModel",),
    "status": ("ContractCommitmentLifecycleStatus",),
    "provider": ("ServiceProviderName", "ProviderName", "InvoiceIssuerName"),
    "account": ("BillingAccountId",),
}
INVOICE: dict[str, tuple[str, ...]] = {
    "billing_period": ("BillingPeriodStart",),
    "currency": ("BillingCurrency",),
    "billed_cost": ("BilledCost",),
    "invoice_id": ("InvoiceId",),
}
PERIOD: dict[str, tuple[str, ...]] = {
    "billing_period": ("BillingPeriodStart",),
    "status": ("BillingPeriodStatus",),
    "last_updated": ("BillingPeriodLastUpdated",),
}
DATA_SETS = {
    "contract_commitment": (COMMITMENT, ("commitment_id", "currency", "start_utc", "end_utc")),
    "billing_period_state": (PERIOD, ("billing_period", "status")),
    "invoice_detail": (INVOICE, ("billing_period", "currency", "billed_cost")),
}


def load_data_set(  # noqa: PLR0913, PLR0917 - whose it is, what, and where it lies are separate facts
    con: duckdb.DuckDBPyConnection, source: str, table: str, uri: str, aws: AwsAccess, cache: Path
) -> None:
    """Replace a source's rows of a data set's table by those of its files. Raises InputError."""
    names, required = DATA_SETS[table]
    delivery = plain_delivery(source, locate(source, uri, aws, cache), (*ENDINGS, *LINES_ENDINGS))
    scan = scan_files(source, delivery, delivery.fetch())
    lacking = missing(scan, names, required)
    if lacking:
        raise SchemaMismatch(
            f"{scan.where}: column {lacking} is missing; found {', '.join(scan.types)}; want FOCUS's data set {table}"
        )
    con.execute(f"create or replace temp view {table}_line as select {as_texts(scan, names)} from {scan.sql}")  # noqa: S608 - quoted names
    replace_window(con, table, load_sql(f"billing/{table}"), {"source": source}, keys={"source": source})
