"""What `plimsoll doctor` looks at on this machine: disk, warehouse, clock, versions."""

import platform
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import metadata

import httpx
from packaging.requirements import Requirement

from data.storage.locate import S3
from data.utilization.prometheus.prometheus import Prometheus
from flows.settings import Settings

SHOWN = ("duckdb", "pandas", "prefect", "statsmodels", "plotly")
TIMEOUT_S = 5.0
SKEW_WARN_S = 60
SKEW_BAD_S = 300  # AWS refuses signatures that are 15 minutes off, and nights read the wrong day long before


def clock_skews(
    settings: Settings, environment: Mapping[str, str], now: Callable[[], datetime]
) -> Iterator[tuple[str, float]]:
    """Yield by host how many seconds this machine's clock is ahead of its; hosts that do not answer are left out."""
    for address in sorted(_addresses(settings, environment)):
        try:
            answer = httpx.head(address, timeout=TIMEOUT_S)
            theirs = parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC).replace(tzinfo=None)
        except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
            continue
        yield httpx.URL(address).host, (now() - theirs).total_seconds()


def versions() -> str:
    """Return the versions that matter when something is asked of others."""
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {metadata.version(name)}" for name in SHOWN)


def unmet(requirements: list[str], installed: Callable[[str], str], extras: set[str]) -> list[str]:
    """Return which requirements what is installed does not meet, in words."""
    problems = []
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            continue
        try:
            version = installed(wanted.name)
        except metadata.PackageNotFoundError:
            problems.append(f"{wanted.name} is not installed")
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            problems.append(f"{wanted.name} {version} is installed, want {wanted.specifier}")
    return problems


def _addresses(settings: Settings, environment: Mapping[str, str]) -> set[str]:
    sources = settings.sources
    addresses = {source.url for source in sources if isinstance(source, Prometheus)}
    if url := environment.get("PREFECT_API_URL"):
        addresses.add(url)
    accesses = [access for source in sources if (access := getattr(source, "aws", None))]
    addresses |= {access.endpoint_url for access in accesses if access.endpoint_url}
    uris = [str(getattr(source, "uri", getattr(source, "path", ""))) for source in sources]
    if any(uri.startswith(S3) for uri in uris) and not any(access.endpoint_url for access in accesses):
        addresses.add("https://s3.amazonaws.com")
    return addresses
