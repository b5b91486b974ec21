"""OpenCost's allocation splits the charges of nodes: parts and what nobody used are the node, to the last digit."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing.azure.azure import Azure
from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.errors import InputError
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import build, load
from tests.warehouses import new_warehouse

NODE = "arn:aws:ec2:eu-west-1:1:instance/i-1"
DAY = {"ChargePeriodStart": "2026-10-05T00:00:00Z", "ChargePeriodEnd": "2026-10-06T00:00:00Z", "Tags": {}}
PARTS = "select service, component, effective_cost from cost_service_day where effective_cost <> 0 order by all"


def pod(who: str, cpu: float, ram: float = 0, **others: object) -> dict[str, object]:
    """Return a row of the exporter's parquet."""
    return {
        "name": f"shop/{who}/main",
        "window.start": "2026-10-05T00:00:00Z",
        "window.end": "2026-10-06T00:00:00Z",
        "properties.cluster": "prod",
        "properties.namespace": "shop",
        "properties.pod": who,
        "properties.providerID": "aws:///eu-west-1a/i-1",
        "cpuCost": cpu,
        "ramCost": ram,
        "networkCost": 99.0,
        "label.service": who,
    } | others


def idle(cpu: float, **others: object) -> dict[str, object]:
    return pod("__idle__", cpu, **{"name": "__idle__", "label.service": None} | others)


def allocation(root: Path, *rows: dict[str, object], ending: str = "parquet") -> dict[str, str]:
    file = root / f"opencost.{ending}"
    frame = pd.DataFrame(rows)
    with duckdb.connect() as con:
        con.register("frame", frame)
        form = "parquet" if ending == "parquet" else "csv, header"
        con.execute(f"copy frame to '{file}' (format {form})")
    return {"uri": str(file)}


def split(
    con: duckdb.DuckDBPyConnection, root: Path, lines: list[dict[str, object]], kubernetes: dict[str, str]
) -> list[tuple[object, ...]]:
    write_lines(root / "bill.csv", lines)
    source = {"kind": "focus", "name": "bill", "uri": str(root / "bill.csv"), "kubernetes": kubernetes}
    load(con, Focus.model_validate(source))
    build(con)
    return con.execute(PARTS).fetchall()


def said(con: duckdb.DuckDBPyConnection) -> str:
    return " ".join(reason for (reason,) in con.execute("select reason from input_issue").fetchall())


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ([pod("a", 4, 2), pod("b", 2), idle(2)], {"a": 6, "b": 2, "-": 2}),
        ([pod("a", 3, cpuCostAdjustment=1.0), pod("a", 1), idle(5)], {"a": 5, "-": 5}),  # containers of one service
        ([pod("a", 3), pod("b", 1)], {"a": 7.5, "b": 2.5}),  # no idle is known: all of it is used
        ([pod("a", 0.5), idle(0.5, **{"properties.providerID": None})], {"a": 5, "-": 5}),  # idle of the cluster
        (
            [pod("a", 1), idle(3, **{"properties.providerID": None, "properties.cluster": "__idle__"})],
            {"a": 2.5, "-": 7.5},
        ),
        (
            [pod("a", 1), pod("b", 3, **{"properties.providerID": "i-2"}), idle(4, **{"properties.providerID": None})],
            {"a": 5, "-": 5},  # the other node's pods have their part of what is idle
        ),
        ([pod("a", 1), pod("b", 1, **{"label.service": None}), idle(2)], {"a": 2.5, "(unallocated)": 2.5, "-": 5}),
        ([pod("a", 1), pod("b", 9, **{"window.start": "2026-10-06T00:00:00Z", "window.end": "2026-10-07"})], {"a": 10}),
        ([pod("a", h, **{"window.start": f"2026-10-05T0{h}:00:00Z", "window.end": None}) for h in (1, 2)], {"a": 10}),
    ],
)
def test_a_node_is_what_its_pods_and_nobody_used(con, tmp_path, rows, parts) -> None:
    found = split(con, tmp_path, [line(10, **DAY, ResourceId=NODE)], allocation(tmp_path, *rows))
    services = {"-": ("(unallocated)", "split_unused")}
    wanted = [(*services.get(name, (name, "direct")), Decimal(str(cost))) for name, cost in parts.items()]
    assert found == sorted(wanted)
    assert con.execute("select sum(billed_cost), sum(lines) from cost_day").fetchall() == [(10, 1)]


def test_what_is_left_and_what_is_billed_stay_with_the_node(con, tmp_path) -> None:
    owned = DAY | {"Tags": {"service": "platform"}}
    lines = [line(10, **owned, ResourceId=NODE), line(5, **owned, ResourceId="i-other"), line(3, **owned)]
    found = split(con, tmp_path, lines, allocation(tmp_path, pod("a", 1), idle(3)))
    assert found == [
        ("a", "direct", Decimal("2.5")),
        ("platform", "direct", 8),
        ("platform", "split_unused", Decimal("7.5")),
    ]
    billed = con.execute("select service, sum(billed_cost) from cost_day group by all order by all").fetchall()
    assert billed == [("a", 0), ("platform", 18)]


CSV = {"Date": "2026-10-05", "Namespace": "shop", "Cluster": "prod", "Pod": "p-1", "CPUCost": 1.0, "RAMCost": 0.0}


@pytest.mark.parametrize(
    ("rows", "keys", "services"),
    [
        ([CSV | {"Label_service": "a"}, CSV | {"Pod": "__idle__"}], {}, {"a": 5}),
        ([CSV | {"Labels": '{"service": "a"}'}, CSV | {"Pod": "__idle__", "Namespace": "__idle__"}], {}, {"a": 5}),
        (
            [{key: value for key, value in CSV.items() if key != "Cluster"} | {"Label_service": "a"}],
            {"cluster": "Prod"},
            {"a": 10},
        ),
    ],
)
def test_a_csv_without_nodes_splits_what_its_cluster_is_tagged_on(con, tmp_path, rows, keys, services) -> None:
    tagged = DAY | {"Tags": {"eks:cluster-name": "prod"}}
    lines = [line(4, **tagged, ResourceId="i-1"), line(6, **tagged, ResourceId="i-2"), line(1, **DAY)]
    kubernetes = allocation(tmp_path, *rows, ending="csv") | {"cluster_tag": "eks:cluster-name"} | keys
    found = split(con, tmp_path, lines, kubernetes)
    assert {service: cost for service, component, cost in found if service != "(unallocated)"} == services
    assert sum(cost for *_, cost in found) == 11


def test_an_allocation_that_cannot_split_is_refused_or_said(con, tmp_path) -> None:
    lines = [line(10, **DAY, ResourceId=NODE)]
    with pytest.raises(InputError, match=r"says no node .*cluster_tag"):
        split(con, tmp_path, lines, allocation(tmp_path, CSV, ending="csv"))
    week = pod("a", 1, **{"window.end": "2026-10-12T00:00:00Z"})
    with pytest.raises(InputError, match="is longer than a day"):
        split(con, tmp_path, lines, allocation(tmp_path, week))
    with pytest.raises(InputError, match="column cpuCost is missing"):
        split(con, tmp_path, lines, allocation(tmp_path, {"name": "a", "window.start": "2026-10-05"}))
    split(con, tmp_path, lines, allocation(tmp_path, pod("a", 1, **{"properties.providerID": "i-gone"})))
    assert "1 nodes of the allocation are in no charge, such as i-gone" in said(con)


def test_a_changed_allocation_splits_the_same_bill_anew(con, tmp_path) -> None:
    lines = [line(10, **DAY, ResourceId=NODE)]
    assert split(con, tmp_path, lines, allocation(tmp_path, pod("a", 1))) == [("a", "direct", 10)]
    found = split(con, tmp_path, lines, allocation(tmp_path, pod("a", 1), pod("b", 3)))
    assert found == [("a", "direct", Decimal("2.5")), ("b", "direct", Decimal("7.5"))]


AZURE = "/subscriptions/s/resourceGroups/mc_x/providers/Microsoft.Compute/virtualMachineScaleSets/aks-pool"
VENDORS = {
    "cur": (
        Cur,
        (
            "bill/BillingPeriodStartDate,lineItem/LineItemType,lineItem/UnblendedCost,lineItem/UsageStartDate,lineItem/ResourceId\n"
            "2026-10-01T00:00:00Z,Usage,10,2026-10-05T00:00:00Z,i-1\n"
        ),
        "i-1",
    ),
    "azure": (
        Azure,
        f"Date,Cost,BillingCurrency,ResourceId\n10/05/2026,10,USD,{AZURE}\n",
        f"azure://{AZURE}/virtualMachines/3",
    ),
    "gcp": (
        Gcp,
        (
            "invoice.month,usage_start_time,cost,currency,credits,resource.global_name\n"
            "202610,2026-10-05,10,USD,[],//compute.googleapis.com/projects/1/zones/z/instances/gke-1\n"
        ),
        "gce://project/z/gke-1",
    ),
}


@pytest.mark.parametrize("kind", VENDORS)
def test_nodes_of_any_vendor_are_found_by_their_id(con, tmp_path, kind) -> None:
    model, text, provider_id = VENDORS[kind]
    (tmp_path / "bill.csv").write_text(text, encoding="utf-8")
    kubernetes = allocation(tmp_path, pod("a", 1, **{"properties.providerID": provider_id}), ending="csv")
    source = {"kind": kind, "name": "bill", "uri": str(tmp_path / "bill.csv"), "kubernetes": kubernetes}
    load(con, model.model_validate(source))
    build(con)
    assert con.execute(PARTS).fetchall() == [("a", "direct", 10)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cost=st.decimals(-9999, 9999, places=18),
    pods=st.lists(st.floats(1e-6, 1e4), min_size=1, max_size=6),
    unused=st.floats(0, 1e4),
)
def test_parts_and_what_nobody_used_add_up_to_the_last_digit(tmp_path_factory, cost, pods, unused) -> None:
    root = tmp_path_factory.mktemp("split")
    rows = [*(pod(f"p{number}", share) for number, share in enumerate(pods)), idle(unused)]
    with new_warehouse(root / "warehouse.duckdb") as con:
        split(con, root, [line(str(cost), **DAY, ResourceId=NODE)], allocation(root, *rows))
        found = con.execute("select sum(effective_cost), sum(list_cost), sum(billed_cost) from cost_day").fetchall()
        assert found == [(cost, cost, cost)]
        assert con.execute("select min(charge_date), max(charge_date) from cost_day").fetchall() == [
            (date(2026, 10, 5),) * 2
        ]
