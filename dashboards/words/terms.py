"""What words mean: one definition a term, said the same on every page and listed on the page of the data.

Rules that decide a word (who is a share, when a percentage has enough behind it) stand here too, so that two pages
cannot decide it differently.
"""

from collections.abc import Mapping

FEW = 10  # points: fewer are said as a count, for a percentage of them would say more than is known

TERMS: Mapping[str, str] = {
    "as of": "the first moment that is not known: data before it is used, data at or after it is not",
    "settled to": "the last day whose charges the vendor no longer adds to; later days are hatched, and no trend, "
    "ranking or forecast is made from them",
    "usage": "effective cost without tax, credit and support, with the service's part of shared services and unused "
    "commitments; it is what is forecast",
    "run-rate": "usage of a settled day",
    "so far": "usage by day of use from the first of the month to as of, days that are not settled included",
    "billed": "what the invoice asks, by the month it is invoiced in",
    "effective": "what use cost, commitments spread over what they cover, by the day it was used on",
    "list": "what use would have cost without any discount",
    "without owner": "cost that no tag, alias, account or rule of the catalog gives to a service",
    "limit": "what a service can carry of a metric, from the catalog or its source; in per cent where it is a share",
    "act by": "the last safe day to order more: the day that one future in ten reaches the limit, less the lead time",
    "error (WAPE)": "sum of absolute errors over sum of actuals, over all nights and days ahead that are named",
    "bias": "sum of errors over sum of actuals; above 0 the forecast was too high",
    "seasonal naive": "the same hour or day of the last week that was known: what a forecast must beat",
    "coverage": "share of actuals inside the interval; of an 80 % interval it should be 80 %",
    "good, acceptable, miss": "a forecast within ±10 %, within ±20 %, or further off; the target is for stable series",
    "stable": "the class of series that move alike from week to week",
    "live, backtest": "a live forecast was made by the night named; a backtest was made later from what was known then",
    "unit cost": "usage per million requests (or orders, tokens), over 28 settled days measured whole",
}


def is_share(limit: float | None) -> bool:
    """Return whether a limit is a share of a whole, to be said in per cent: 0.8 of a processor is 80 %."""
    return limit is not None and 0 < limit <= 1
