"""A night's steps over an exporter that reports zeros since its deploy: told, kept, and used for nothing."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from data.warehouse import migrate, open_warehouse
from flows import steps
from flows.fit import fit_chunk, one_by_one
from flows.forecasts import chunks, count_series
from flows.settings import read_settings

AS_OF = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2)
ZERO_HOURS = 50


def orders() -> Iterator[str]:
    """60 days of hourly orders of checkout: a thousand and a wave, and zero from its exporter's deploy on."""
    end = datetime(2026, 11, 20)
    for ago in range(60 * 24, 0, -1):
        wave = 200 * math.sin(ago / 24 * math.tau) + ago * 37 % 91
        yield f"checkout,orders,{end - timedelta(hours=ago)},{0 if ago <= ZERO_HOURS else 1000 + wave}\n"


def test_zeros_after_a_deploy_of_the_exporter_are_told_kept_and_used_for_nothing(fresh_estate):
    (fresh_estate.parent / "utilization/orders.csv").write_text(f"service,metric,timestamp,value\n{''.join(orders())}")
    catalog = fresh_estate.parent / "services.toml"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace('"requests"', '"orders"', 1), encoding="utf-8")
    settings = read_settings(fresh_estate)
    with open_warehouse(settings.warehouse.path) as con:
        migrate(con)
    steps.prepare(settings, AS_OF)
    for source in settings.utilization:
        assert steps.ingest_utilization(settings, source, AS_OF, NOW)
    for source in settings.billing:
        assert steps.ingest_bills(settings, source, AS_OF, NOW)
    for _ in range(2):
        steps.build(settings, AS_OF)
        steps.check(settings, AS_OF)
    with open_warehouse(settings.warehouse.path) as con:
        assert con.execute("select service, metric, flag, evidence from utilization_flag").fetchall() == [
            ("checkout", "orders", "flat line", 0.0)
        ]
        assert con.execute(
            "select count(*), count(flag) from utilization_judged where metric = 'orders'"
        ).fetchall() == [(60 * 24, ZERO_HOURS)]
        told = con.execute("select rows from check_result where name = 'utilization_flagged'").fetchall()
        assert told == [(1,)]
        days = con.execute(
            "select day(date), requests > 20000, cost_per_request_usd > 0 from unit_cost_day "
            "where service = 'checkout' and date >= $as_of - interval 4 days order by date",
            {"as_of": AS_OF},
        ).fetchall()
        assert days == [(16, True, True), (17, None, None), (18, None, None), (19, None, None)]
        count_series(con, settings, AS_OF)
        fitted = [
            fit_chunk(one)
            for chunk in chunks(con, settings, AS_OF)
            if chunk.name.startswith("load_d")
            for one in one_by_one(chunk)
            if "orders" in one.name
        ]
    assert [one.forecast["mean"].min() > 20_000 for one in fitted] == [True]
