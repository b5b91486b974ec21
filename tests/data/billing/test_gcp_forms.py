"""Google Cloud's export as people get it out of BigQuery: lists, records and credits in every form, or refused."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.gcp import Gcp
from data.errors import InputError
from tests.data.billing.loading import load

HEADER = "invoice.month,usage_start_time,cost,currency,service.description,credits"


def gcp(uri: Path) -> Gcp:
    return Gcp(kind="gcp", name="bill", uri=str(uri))


def found(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("select owner_tag, product, billed_cost from charge_day order by all").fetchall()


def said(con: duckdb.DuckDBPyConnection) -> str:
    return " ".join(reason for (reason,) in con.execute("select reason from input_issue").fetchall())


def listed(*elements: str) -> str:
    """Return a list as BigQuery writes it to parquet."""
    return "{'list': [" + ", ".join(f"{{'element': {element}}}" for element in elements) + "]}"


@pytest.mark.parametrize(
    "project",
    [
        "{'id': 'p', 'labels': [{'key': 'service', 'value': 'search'}]}",
        f"{{'id': 'p', 'labels': {listed(str({'key': 'service', 'value': 'search'}))}}}",
    ],
)
@pytest.mark.parametrize("is_listed", [False, True])
def test_lists_of_parquet_are_read_with_and_without_bigquerys_layer(con, tmp_path, project, is_listed) -> None:
    credit = "{'amount': -2.5::double, 'type': 'DISCOUNT'}"
    credits_ = listed(credit, credit) if is_listed else f"[{credit}, {credit}]"
    with duckdb.connect() as other:
        other.execute(
            "copy (select {'month': '202610'} as invoice, timestamp '2026-10-05' as usage_start_time, "
            f"10::double as cost, 'USD' as currency, {credits_} as credits, {project} as project, "
            f"{{'description': 'Run'}} as service) to '{tmp_path}/bill.parquet' (format parquet)"
        )
    load(con, gcp(tmp_path))
    assert found(con) == [("search", "Run", Decimal(5))]


@pytest.mark.parametrize(
    "labels",
    [
        '[{"key": "service", "value": "bob\'s"}]',
        "[{'key': 'service', 'value': \"bob's\"}, {'key': 'note', 'value': 'x'}]",  # as Python prints it
        '[ { "key": "note", "value": "it\'s: \'so\'" }, {"key": "service", "value": "bob\'s"}]',
    ],
)
def test_an_apostrophe_in_a_label_loses_no_owner(con, tmp_path, labels) -> None:
    quoted = labels.replace('"', '""')
    text = f'{HEADER},labels\n202610,2026-10-05,10,USD,Run,[],"{quoted}"\n'
    (tmp_path / "bill.csv").write_text(text, encoding="utf-8")
    load(con, gcp(tmp_path))
    assert found(con) == [("bob's", "Run", Decimal(10))]


def test_records_may_be_json_in_one_column_as_the_console_writes_csv(con, tmp_path) -> None:
    values = {
        "invoice": json.dumps({"month": "202610"}),
        "service": json.dumps({"id": "1", "description": "Run"}),
        "project": json.dumps({"id": "p", "labels": [{"key": "service", "value": "search"}]}),
    }
    quoted = ",".join('"' + text.replace('"', '""') + '"' for text in values.values())
    (tmp_path / "bill.csv").write_text(
        f"{','.join(values)},usage_start_time,cost,currency,credits\n{quoted},2026-10-05 00:00:00 UTC,10,USD,[]\n",
        encoding="utf-8",
    )
    load(con, gcp(tmp_path))
    assert found(con) == [("search", "Run", Decimal(10))]


def test_credits_apart_from_their_lines_are_refused_and_none_at_all_are_said(con, tmp_path) -> None:
    apart = HEADER.replace("credits", "credits.amount,credits.type")
    (tmp_path / "bill.csv").write_text(f"{apart}\n202610,2026-10-05,10,USD,Run,-2,FREE_TIER\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"column credits.amount has credits apart from their lines"):
        load(con, gcp(tmp_path))
    none = HEADER.removesuffix(",credits")
    (tmp_path / "bill.csv").write_text(f"{none}\n202610,2026-10-05,10,USD,Run\n", encoding="utf-8")
    load(con, gcp(tmp_path))
    assert "column credits is missing: costs are before all discounts" in said(con)


def test_files_that_bigquery_numbered_are_one_export_however_alike_their_lines(con, tmp_path) -> None:
    for number, costs in enumerate([(1, 2), (1, 3)]):
        lines = [f"202610,2026-10-05,{cost},USD,Run,[]" for cost in costs]
        (tmp_path / f"bill-{number:012d}.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    load(con, gcp(tmp_path))
    assert found(con) == [(None, "Run", Decimal(7))]
