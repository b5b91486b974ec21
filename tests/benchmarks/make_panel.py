"""Write a panel of hourly load for N services: the long form that the files source reads.

    python tests/benchmarks/make_panel.py OUT.parquet [SERVICES] [DAYS]    # 10,000 services, 90 days: 21.6 million rows

Each service has a level, a day, a week, a trend and noise of its own, drawn from one seed.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

END = np.datetime64("2026-11-20T00", "us")
SEED = 11
BATCH = 500  # services in memory at once
SCHEMA = pa.schema(
    [
        ("service", pa.dictionary(pa.int32(), pa.string())),
        ("metric", pa.dictionary(pa.int32(), pa.string())),
        ("timestamp", pa.timestamp("us")),
        ("value", pa.float64()),
    ]
)


def main(out: Path, services: int, days: int) -> None:
    """Write the file, batch by batch."""
    rng = np.random.default_rng(SEED)
    hours = np.arange(days * 24)
    stamps = END - np.timedelta64(len(hours), "h") + hours.astype("timedelta64[h]")
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        for first in range(0, services, BATCH):
            count = min(BATCH, services - first)
            value = _load(rng, count, hours)
            names = pa.array([f"svc-{first + k:05d}" for k in range(count)])
            places = pa.array(np.repeat(np.arange(count, dtype=np.int32), len(hours)))
            metric = pa.array(np.zeros(value.size, dtype=np.int32))
            columns = {
                "service": pa.DictionaryArray.from_arrays(places, names),
                "metric": pa.DictionaryArray.from_arrays(metric, pa.array(["requests"])),
                "timestamp": pa.array(np.tile(stamps, count)),
                "value": pa.array(value.ravel()),
            }
            writer.write_table(pa.table(columns, schema=SCHEMA))
    print(f"{out}: {services} services, {days} days, {services * len(hours)} rows", file=sys.stderr)


def _load(rng: np.random.Generator, count: int, hours: "np.ndarray[tuple[int], np.dtype[np.int64]]"):
    level = np.exp(rng.normal(8, 2, (count, 1)))
    daily = 1 + rng.uniform(0.1, 0.8, (count, 1)) * np.sin(2 * np.pi * (hours / 24 - rng.uniform(0, 1, (count, 1))))
    weekly = 1 + rng.uniform(0, 0.3, (count, 1)) * (((hours // 24) % 7) < 5)
    trend = np.exp(rng.normal(0, 0.4, (count, 1)) * hours / (24 * 365))
    noise = np.exp(rng.normal(0, 1, (count, len(hours))) * rng.uniform(0.01, 0.3, (count, 1)))
    return np.round(level * daily * weekly * trend * noise, 3)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[2:]]
    main(Path(sys.argv[1]), *[*numbers, *(10_000, 90)[len(numbers) :]])
