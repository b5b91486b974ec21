"""An Azure export's column names in English, whatever the language of its headers.

Microsoft documents the English names alone:
https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields
https://learn.microsoft.com/azure/cost-management-billing/understand/mca-understand-your-usage (EA's beside MCA's)
It does not document what it writes in other languages. Users' files show it: the local name, then the English one in
parentheses, `Kategorie der Verbrauchseinheit (MeterCategory)`, with costs and dates in the form of the English files.
    German https://github.com/kubecost/kubecost/issues/1526
    Spanish https://github.com/project-koku/koku/pull/2284
    French https://github.com/mgugger/cloud-costs (its importer's names)
So no list of translations is needed, nor made up. Where a file has local names alone, because somebody saved it anew,
the configuration says which is which: `columns`, `decimal`, `date_format`, `currency`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from data.billing.read.columns import plain

COLUMNS: dict[str, tuple[str, ...]] = {
    "usage_date": ("Date", "UsageDateTime", "UsageDate"),
    "cost": ("CostInBillingCurrency", "Cost", "PreTaxCost", "ExtendedCost"),
    "currency": ("BillingCurrency", "BillingCurrencyCode", "Currency"),
    "period_start": ("BillingPeriodStartDate",),
    "charge_type": ("ChargeType",),
    "frequency": ("Frequency",),
    "pricing_model": ("PricingModel",),
    "reservation": ("ReservationId",),
    "billing_account": ("BillingAccountId",),
    "subscription": ("SubscriptionId", "SubscriptionGuid"),
    "category": ("ServiceFamily",),
    "product": ("MeterCategory", "ServiceName", "ConsumedService"),
    "region": ("ResourceLocation", "MeterRegion"),
    "quantity": ("Quantity", "UsageQuantity", "ConsumedQuantity"),
    "unit": ("UnitOfMeasure",),
    "service_period_start": ("ServicePeriodStartDate",),
    "service_period_end": ("ServicePeriodEndDate",),
    "list_cost": ("PayGCostInBillingCurrency",),
    "list_unit_price": ("PayGPrice",),
    "unit_price": ("UnitPrice",),
    "exchange_rate": ("ExchangeRatePricingToBilling", "ExchangeRate"),
    "publisher_type": ("PublisherType",),
    "resource_group": ("ResourceGroup", "ResourceGroupName"),
    "resource": ("ResourceId", "InstanceId", "InstanceName"),
    "benefit": ("BenefitId",),
    "invoice": ("InvoiceId",),
    "tags": ("Tags",),
}
_NAMES = {plain(name) for names in COLUMNS.values() for name in names}
_IN_PARENTHESES = re.compile(r"\(([A-Za-z0-9 ]+)\)\s*$")


def is_known(name: str) -> bool:
    """Tell whether a name is one of those that are read."""
    return plain(name) in _NAMES


def in_english(columns: Mapping[str, str]) -> Callable[[str], str]:
    """Return what makes of a header its plain English name; `columns` are the configuration's, theirs to English."""
    said = {_folded(theirs): plain(english) for theirs, english in columns.items()}

    def english(header: str) -> str:
        if _folded(header) in said:
            return said[_folded(header)]
        inner = _IN_PARENTHESES.search(header)
        return plain(inner[1] if inner else header)

    return english


def unused(columns: Mapping[str, str], headers: Iterable[str]) -> list[str]:
    """Return the names of the configuration's `columns` that no header has."""
    there = {_folded(header) for header in headers}
    return [theirs for theirs in columns if _folded(theirs) not in there]


def _folded(header: str) -> str:
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())
