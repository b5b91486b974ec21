"""What Plimsoll itself needs: seconds of CPU, size of the warehouse and memory, by services and days.

The numbers are of estates as tests/benchmarks/night.py makes them: a service has one hourly metric, a bill of three
products a day, and every tenth a limit. `make bench-capacity` prints them beside what is measured.
"""

from dataclasses import dataclass

from flows.settings import Forecast, Retention

# Seconds of CPU: a night of nothing, and what each service adds (forecasts, pages, decisions, the rest).
NIGHT_CPU_S, SERVICE_CPU_S = 7.0, 0.122
# Memory of all processes together, two of which fit.
BASE_GIB, SERVICE_GIB = 0.5, 0.00105
# Bytes in the warehouse, as DuckDB packs them, and what it keeps for rows to come.
HOUR_B, FORECAST_B, SERVICE_DAY_B, DECIDED_B, SCORED_B = 20, 45, 220, 2300, 1400
SPARE = 1.3
EMPTY_MB = 24.0
BACKTEST_ROWS = 730  # of a series' first night
MB = 1e6


@dataclass(frozen=True)
class Needs:
    """Of one night, and of the warehouse after it."""

    cpu_s: float
    peak_gib: float
    warehouse_mb: float


def needs(services: int, load_days: int, bill_days: int, nights: int) -> Needs:
    """Estimate a night of so many services, with so many days of history, after so many nights."""
    wanted, kept = Forecast(), Retention()
    whole = min(nights, kept.nightly_days)
    weekly = max(0, min(nights, wanted.keep_days) - kept.nightly_days) / 7
    rows = (
        BACKTEST_ROWS
        + min(nights, 28) * wanted.hourly_days * 24
        + 2 * (whole + weekly) * wanted.daily_days  # requests and cost
    )
    older = max(0, min(nights, kept.weekly_days) - kept.nightly_days) / 7
    service_b = (
        load_days * 24 * HOUR_B
        + rows * FORECAST_B
        + bill_days * SERVICE_DAY_B
        + (whole + older) * DECIDED_B
        + nights * SCORED_B
    )
    return Needs(
        cpu_s=NIGHT_CPU_S + SERVICE_CPU_S * services,
        peak_gib=BASE_GIB + SERVICE_GIB * services,
        warehouse_mb=EMPTY_MB + SPARE * services * service_b / MB,
    )
