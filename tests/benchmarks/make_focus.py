"""Write a month of a FOCUS 1.2 bill as AWS Data Exports lays it out; 10 million lines are 0.5 GB and 30 seconds.

    python tests/benchmarks/make_focus.py OUT [LINES]

OUT/exports/focus-big/{data,metadata}/BILLING_PERIOD=2026-10/... `REFERENCE` is the floor to compare with: one scan of
the columns that are needed, grouped to the day.
"""

import json
import sys
from pathlib import Path

import duckdb

EXECUTION = "2026-11-08T09:00:00.000Z-0b1f6b0c-0000-4000-8000-000000000001"
PARTS = 4
LINES = """
select 'AWS' as ProviderName, 'Amazon Web Services, Inc.' as PublisherName,
    'Amazon Web Services, Inc.' as InvoiceIssuerName,
    '1000000' || lpad((svc % 40)::varchar, 5, '0') as SubAccountId, 'acct-' || (svc % 40) as SubAccountName,
    '999999999999' as BillingAccountId, 'Big' as BillingAccountName,
    timestamp '2026-10-01' as BillingPeriodStart, timestamp '2026-11-01' as BillingPeriodEnd,
    timestamp '2026-10-01' + to_hours((i % 744)::int) as ChargePeriodStart,
    timestamp '2026-10-01' + to_hours((i % 744)::int + 1) as ChargePeriodEnd,
    (hash(i) % 500000 / 1e6)::decimal(38, 10) as BilledCost,
    (hash(i) % 400000 / 1e6)::decimal(38, 10) as EffectiveCost,
    (hash(i) % 600000 / 1e6)::decimal(38, 10) as ListCost,
    (hash(i) % 500000 / 1e6)::decimal(38, 10) as ContractedCost, 'USD' as BillingCurrency,
    case when product = 22 then 'Tax' else 'Usage' end as ChargeCategory, null::varchar as ChargeClass,
    'Usage-Based' as ChargeFrequency, 'charge ' || (i % 997) as ChargeDescription,
    null::varchar as CommitmentDiscountId, null::varchar as CommitmentDiscountStatus,
    null::varchar as CommitmentDiscountCategory, null::varchar as CommitmentDiscountType,
    (hash(i) % 10000 / 1e3)::double as ConsumedQuantity, 'Hrs' as ConsumedUnit,
    (hash(i) % 10000 / 1e3)::double as PricingQuantity, 'Hrs' as PricingUnit, 'Standard' as PricingCategory,
    ['Compute', 'Storage', 'Databases', 'Networking', 'Management and Governance'][1 + product % 5] as ServiceCategory,
    'Product ' || product as ServiceName, 'us-east-' || (1 + svc % 2) as RegionId, null::varchar as AvailabilityZone,
    'arn:aws:ec2:us-east-1:1:instance/i-' || hash(i % 20000) as ResourceId, 'Instance' as ResourceType,
    'SKU' || (i % 5000) as SkuId, null::varchar as InvoiceId,
    case
        when product % 9 = 0 then map([]::varchar[], []::varchar[])
        else map {'user:service': 'svc-' || svc, 'env': 'prod'}
    end as Tags
from (select i, (i // 744) % 300 as svc, (i // 223200) % 23 as product from range($first, $last) r(i))
"""
REFERENCE = """
select ChargePeriodStart::date as d, Tags['user:service'] as s, ServiceCategory, ServiceName, SubAccountId, RegionId,
    ChargeCategory, ChargeClass, PricingCategory, CommitmentDiscountStatus, BillingCurrency, ConsumedUnit,
    sum(BilledCost) b, sum(EffectiveCost) e, sum(ListCost) l, sum(ContractedCost) c, sum(ConsumedQuantity) q,
    count(*) n
from read_parquet($files)
group by all
"""


def main(out: Path, lines: int) -> None:
    """Write the data files of one execution, and the manifests that name them."""
    period = out / "exports/focus-big/data/BILLING_PERIOD=2026-10" / EXECUTION
    manifests = out / "exports/focus-big/metadata/BILLING_PERIOD=2026-10"
    period.mkdir(parents=True, exist_ok=True)
    (manifests / EXECUTION).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        for part in range(PARTS):
            file = period / f"focus-big-{part + 1:05d}.snappy.parquet"
            bounds = {"first": part * lines // PARTS, "last": (part + 1) * lines // PARTS}
            con.execute(f"copy ({LINES}) to '{file}' (format parquet, compression snappy)", bounds)
    named = [f"s3://big/{file.relative_to(out)}" for file in sorted(period.glob("*.parquet"))]
    document = {
        "exportArn": "arn:aws:bcm-data-exports:us-east-1:999999999999:export/focus-big",
        "executionId": EXECUTION,
        "contentType": "Parquet",
        "compression": "PARQUET",
        "columns": [],
        "dataFiles": named,
    }
    for folder in (manifests, manifests / EXECUTION):
        (folder / "focus-big-Manifest.json").write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000)
