"""The steps of a night as plain functions: each opens the warehouse, reads tables and replaces a window of one."""

from dataclasses import asdict
from datetime import date, datetime

import duckdb

from data import retention as retained
from data.acknowledged import read_acknowledged, store_anomaly_settings
from data.billing import Source as BillingSource
from data.billing.allocation import build_cost
from data.billing.deliveries import BillReading
from data.billing.store import load_bills
from data.budgets import store_budgets
from data.catalog import add_uncatalogued, read_catalog, store_catalog
from data.checks import read_checks, run_checks
from data.commitment_offer import store_offers
from data.errors import InputError, MostlyRejected
from data.events import store_events
from data.lineage import build_inherited, store_lineage
from data.scenarios import store_scenarios
from data.storage.disk import full, is_full
from data.unit_cost import store_non_production, store_telemetry_budgets
from data.utilization import Source as UtilizationSource
from data.utilization.declared import add_counted_metrics, store_shapes
from data.utilization.flags import flag_load
from data.utilization.judge import judge
from data.utilization.names import respell_stored
from data.utilization.part import LoadReading
from data.utilization.store import load_utilization
from data.warehouse import fetch_row, load_sql, open_warehouse, replace_window, run
from data.window import Window
from flows import decide as decisions
from flows.forecasts import scored_days
from flows.progress import tell, timed
from flows.settings import Settings
from forecasting.decisions.night import Night

EPOCH = datetime(1970, 1, 1)
SCORED_SERVICES = 500  # so many services' forecasts of many nights are scored at once: it has to fit in memory


def prepare(settings: Settings, as_of: date) -> None:
    """Bring the catalog and what else the configuration says into the warehouse; raises ConfigError.

    Its schema is this program's: the night's record has brought it forward.
    """
    with timed("prepare") as facts, open_warehouse(settings.warehouse.path) as con:
        catalog = read_catalog(settings.catalog.file) if settings.catalog else {}
        store_catalog(con, catalog, settings.metric_kinds, as_of)
        facts["services_respelt"] = respell_stored(con)
        store_budgets(con, settings.budget)
        store_scenarios(con, settings.scenario)
        _store_sources(con, settings)
        store_shapes(con, settings.utilization)
        store_lineage(con, settings.lineage)
        store_events(con, settings.forecast.engine.events + settings.event)
        anomaly = settings.anomaly
        acknowledged = read_acknowledged(anomaly.acknowledged)
        store_anomaly_settings(con, acknowledged, anomaly.minimum_impact, anomaly.minimum_impact_of)
        unit_cost = settings.unit_cost
        store_telemetry_budgets(con, unit_cost.telemetry_ratio, unit_cost.telemetry_ratio_of)
        store_non_production(con, unit_cost.non_production_accounts, unit_cost.non_production_environments)
        store_offers(con, [(one.provider, one.term_years, one.discount) for one in settings.commitment_offer])
        facts["services"] = len(catalog)


def ingest_utilization(settings: Settings, source: UtilizationSource, as_of: date, now: datetime) -> bool:
    """Read one source of load; where it fails return False: what is stored from it stays, its state says why."""
    window = Window(EPOCH, Window.ending(as_of, 1).end)
    with timed("ingest", source=source.name) as facts, open_warehouse(settings.warehouse.path) as con:
        try:
            stored = load_utilization(con, source, LoadReading(window, settings.cache, now), tell)
        except InputError as error:
            if is_full(error):  # no fault of the source
                raise full(settings.cache, f"source {source.name}", None, "name another [warehouse] path") from error
            _store_state(con, as_of, source, load_sql("state/failed"), {"error": str(error)})
            facts["error"] = str(error)
            return False
        _store_state(con, as_of, source, load_sql("state/utilization"), asdict(stored))
        facts.update(asdict(stored))
        return True


def ingest_bills(
    settings: Settings, source: BillingSource, as_of: date, now: datetime, known_at: datetime | None = None
) -> bool:
    """Read one source of bills; where it fails return False: what is stored from it stays, its state says why.

    As they were at `known_at` (UTC), as far as deliveries from before then still lie there.
    """
    with timed("ingest", source=source.name) as facts, open_warehouse(settings.warehouse.path) as con:
        try:
            reading = BillReading(settings.cache, as_of, known_at=known_at)
            loaded = load_bills(con, source, settings.allocation.owners, now, reading)
        except InputError as error:
            if is_full(error):  # no fault of the source
                raise full(settings.cache, f"source {source.name}", None, "name another [warehouse] path") from error
            _store_state(con, as_of, source, load_sql("state/failed"), {"error": str(error)})
            facts["error"] = str(error)
            return False
        _store_state(con, as_of, source, load_sql("state/billing"), {})
        facts.update(asdict(loaded))
        return True


def nothing_read(settings: Settings, as_of: date) -> InputError:
    """Return the error of a night that no source could be read for, with what each of them says."""
    with open_warehouse(settings.warehouse.path) as con:
        for source in settings.utilization:
            try:
                judge(con, source.name, load_sql("utilization/judged"), {"source": source.name, "rows_read": 0})
            except MostlyRejected as error:
                return MostlyRejected(f"{error}; no source could be read: what is stored and published stays as it is")
        told = run(con, load_sql("state/errors"), {"as_of": as_of}).fetchall()
    each = "; ".join(error for (error,) in told)
    return InputError(f"no source could be read; what is stored and published stays as it is: {each}")


def build(settings: Settings, as_of: date) -> None:
    """Flag what should not be believed, give bills to services, and compute what they and their requests cost."""
    with timed("build") as facts, open_warehouse(settings.warehouse.path) as con:
        if fetch_row(con, "select 1 from removed_source limit 1"):
            con.execute(load_sql("build/hour_superseded"))
        add_counted_metrics(con)
        facts["flags"] = flag_load(con, as_of)
        build_cost(con, settings.allocation, settings.invoice, settings.currency, as_of)
        add_uncatalogued(con)
        build_inherited(con)


def check(settings: Settings, as_of: date) -> None:
    """Hold the tables against their rules; raises CheckFailed where one that stops is broken."""
    with timed("check"), open_warehouse(settings.warehouse.path) as con:
        run_checks(con, as_of, read_checks(), settings.forecast.fiscal_year_starts)


def score(settings: Settings, as_of: date, scored_from: date | None = None) -> None:
    """Hold forecasts of earlier nights, made since `scored_from`, against what has happened; explain the misses."""
    made = {
        grain: Window.ending(as_of, (as_of - scored_from).days if scored_from else days)
        for grain, days in scored_days(settings.forecast).items()
    }
    with timed("score"), open_warehouse(settings.warehouse.path) as con:
        for grain, window in made.items():
            parameters = {
                "as_of": as_of,
                "made_from": window.start.date(),
                "grain": grain,
                "services": SCORED_SERVICES,
            }
            con.execute("create or replace temp table found_score as from forecast_score limit 0")
            for first, last in run(con, load_sql("build/score_slice"), parameters).fetchall():
                some = parameters | {"first_service": first, "last_service": last}
                run(con, f"insert into found_score by name {load_sql('build/forecast_score')}", some)
            run(con, f"insert into found_score by name {load_sql('build/score_kept')}", parameters)
            for table, rows in (
                ("forecast_score", "from found_score"),
                ("forecast_miss", load_sql("build/forecast_miss")),
            ):
                replace_window(con, table, rows, parameters, keys={"grain": grain}, window=("made_on", window))


def score_periods(settings: Settings, as_of: date, scored_from: date | None = None) -> None:
    """Hold forecasts of whole months and quarters of cost against what they cost, once that is settled."""
    days = (as_of - scored_from).days if scored_from else settings.forecast.keep_days
    window = Window.ending(as_of, days)
    parameters = {"as_of": as_of, "made_from": window.start.date()}
    with timed("score"), open_warehouse(settings.warehouse.path) as con:
        run(con, f"create or replace temp table found_score as {load_sql('build/forecast_score_period')}", parameters)
        for grain in ("m", "q"):
            run(con, f"insert into found_score by name {load_sql('build/score_kept')}", parameters | {"grain": grain})
            rows = "from found_score where grain = $grain"
            keys = {"grain": grain}
            replace_window(con, "forecast_score", rows, keys, keys=keys, window=("made_on", window))


def decide(settings: Settings, as_of: date) -> None:
    """Say what to do, from the tables before: when limits are reached, what periods cost, budgets, ..."""
    night = Night(as_of, settings.forecast.paths, settings.forecast.fiscal_year_starts)
    with timed("decide") as facts, open_warehouse(settings.warehouse.path) as con:
        failed = decisions.decide(con, night)
        facts["decisions"], facts["failed"] = len(decisions.DECISIONS), ", ".join(failed) or None


def thin(settings: Settings, as_of: date) -> None:
    """Keep one night a week, later one a month, of what nights that are over have said."""
    with timed("thin") as facts, open_warehouse(settings.warehouse.path) as con:
        retention = settings.retention
        facts["rows"] = retained.thin(con, as_of, retention.nightly_days, retention.weekly_days)


def _store_sources(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    con.execute("create or replace temp table configured_source (source varchar, kind varchar)")
    con.executemany("insert into configured_source values (?, ?)", [(one.name, one.kind) for one in settings.sources])
    con.execute(f"create or replace temp table known_source as {load_sql('state/source')}")
    replace_window(con, "source", "from known_source")


def _store_state(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    source: UtilizationSource | BillingSource,
    query: str,
    facts: dict[str, object],
) -> None:
    parameters = {"as_of": as_of, "source": source.name, "kind": source.kind} | facts
    replace_window(con, "source_state", query, parameters, keys={"as_of": as_of, "source": source.name})
