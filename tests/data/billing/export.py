"""Small Data Exports folders, written as AWS lays them out."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd


def line(billed: float | str, **others: object) -> dict[str, object]:
    """Return one FOCUS line of usage on the first of its month."""
    return {
        "BilledCost": billed,
        "EffectiveCost": billed,
        "ListCost": billed,
        "ContractedCost": billed,
        "BillingCurrency": "USD",
        "SubAccountId": "1",
        "ChargeCategory": "Usage",
        "ChargeClass": None,
        "ProviderName": "AWS",
        "ServiceCategory": "Compute",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "RegionId": "us-east-1",
        "InvoiceId": None,
        "Tags": {"service": "checkout"},
    } | others


def month_end(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def write_lines(file: Path, lines: list[dict[str, object]], month: date = date(2026, 10, 1)) -> Path:
    """Write lines as the file's ending says: parquet, or csv (.gz) with tags as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "BillingPeriodStart": str(month),
            "BillingPeriodEnd": str(month_end(month)),
            "ChargePeriodStart": str(month),
            "ChargePeriodEnd": str(month + timedelta(days=1)),
        }
        | row
        | {"Tags": json.dumps(row.get("Tags", {}))}
        for row in lines
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with duckdb.connect() as con:
        texts = [[None if row.get(name) is None else str(row[name]) for name in columns] for row in rows]
        con.register("lines", pd.DataFrame(texts, columns=columns, dtype="string"))
        if file.suffix != ".parquet":
            packed = ", compression gzip" if file.suffix == ".gz" else ""
            con.execute(f"copy lines to '{file}' (format csv, header{packed})")
            return file
        typed = ", ".join(
            f"{name}::decimal(38, 10) as {name}"
            if name.endswith("Cost")
            else f"{name}::timestamp as {name}"
            if name.endswith(("Start", "End"))
            else f"{name}::json::map(varchar, varchar) as {name}"
            if name == "Tags"
            else name
            for name in columns
        )
        con.execute(f"copy (select {typed} from lines) to '{file}' (format parquet)")
    return file


def write_manifest(root: Path, month: date, execution: str, files: list[Path], *, is_named: bool = True) -> None:
    """Write an execution's manifest; where it is named also the period's, which says that it is the current one."""
    period = f"BILLING_PERIOD={month:%Y-%m}"
    document = {
        "exportArn": "arn:aws:bcm-data-exports:us-east-1:999999999999:export/focus",
        "executionId": execution,
        "dataFiles": [f"s3://some-bucket/exports/focus/{file.relative_to(root).as_posix()}" for file in files],
    }
    folders = [root / "metadata" / period / execution] + ([root / "metadata" / period] if is_named else [])
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "focus-Manifest.json").write_text(json.dumps(document), encoding="utf-8")


def write_execution(
    root: Path,
    month: date,
    execution: str,
    lines: list[dict[str, object]],
    *,
    files: int = 1,
    ending: str = "snappy.parquet",
    is_named: bool = True,
    has_manifest: bool = True,
) -> Path:
    """Write an execution of `files` files, the lines dealt out to them, a line of 0 where they don't go round.

    Return the first file.
    """
    folder = root / "data" / f"BILLING_PERIOD={month:%Y-%m}" / execution
    written = [
        write_lines(folder / f"focus-{number + 1:05d}.{ending}", lines[number::files] or [line(0)], month)
        for number in range(files)
    ]
    if has_manifest:
        write_manifest(root, month, execution, written, is_named=is_named)
    return written[0]
