"""Time zones: of a country, and how far ahead of UTC the clocks of one are.

The rules are those of the `tzdata` package of IANA, where the system has none of its own.
"""

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UTC = "UTC"
# Where the first zone that IANA lists for a country is not that of most of its people.
MAIN = {
    "AQ": UTC,
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CY": "Asia/Nicosia",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


def check_zone(name: str) -> str:
    """Return the name of a time zone; raises ValueError where there is none of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone; want a name such as Europe/Berlin") from error
    return name


def zone_of_country(country: str) -> str | None:
    """Time zone of a country (ISO 3166 code), that of most of its people where it has several; None if unknown."""
    return MAIN.get(country) or _first_zones().get(country)


def minutes_ahead(times: NDArray[np.datetime64], zone: str) -> NDArray[np.int64]:
    """Minutes that the clocks of `zone` are ahead of UTC at each of `times`, UTC."""
    utc = pd.DatetimeIndex(times)
    local = utc.tz_localize(UTC).tz_convert(ZoneInfo(zone)).tz_localize(None)
    ahead: NDArray[np.int64] = np.asarray((local - utc) // pd.Timedelta(minutes=1), dtype=np.int64)
    return ahead


@cache
def _first_zones() -> dict[str, str]:
    """First zone that IANA lists for each country."""
    zones: dict[str, str] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, zone)
    return zones
