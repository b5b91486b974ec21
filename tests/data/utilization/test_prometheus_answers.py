"""What servers say besides numbers: warnings, refusals, being busy; and matrices as published."""

import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest

from data.errors import InputError
from data.utilization.prometheus.prometheus import Prometheus
from data.utilization.prometheus.samples import (
    BEGAN_ELSEWHERE,
    OVER_A_GAP,
    Item,
    counter_samples,
    gauge_samples,
    read_series,
)

HOUR = 3600


class Server(ThreadingHTTPServer):
    """Answers what is in `script`, one after the other, the last for ever; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[tuple[int, dict | str]] = [(200, matrix([]))]
        self.asked: list[tuple[dict, dict]] = []
        self.drip_s = 0.0  # after each byte


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((dict(self.headers), form))
        status, document = self.server.script[0] if len(self.server.script) == 1 else self.server.script.pop(0)
        body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for piece in (bytes([byte]) for byte in body) if self.server.drip_s else (body,):
            self.wfile.write(piece)
            time.sleep(self.server.drip_s)

    def log_message(self, *_):
        pass


def items(result: list) -> list[Item]:
    return [Item.model_validate(one) for one in result]


def matrix(result: list, **more) -> dict:
    return {"status": "success", "data": {"resultType": "matrix", "result": result}, **more}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def source(server: Server, scheme: str = "http", **more) -> Prometheus:
    url = f"{scheme}://127.0.0.1:{server.server_port}/prometheus"
    settings = {"metrics": {"cpu": {"promql": "cpu"}}, "history_days": 2, "step_s": 3600}
    return Prometheus.model_validate({"kind": "prometheus", "name": "prom", "url": url, **settings, **more})


def test_what_the_server_warns_of_is_kept(night, issues, server):
    point = {"metric": {"service": "web"}, "values": [[1795046400, "1"]]}
    server.script = [(200, matrix([point], warnings=["store gateway-2 did not answer"]))]
    night(source(server))
    assert issues() == [("cpu", "warning", "server: store gateway-2 did not answer", 1)]


POINT = {"metric": {"service": "web"}, "values": [[1795046400, "1"]]}


def test_what_a_part_of_the_servers_did_not_answer_is_asked_for_again_the_next_night(con, night, issues, server):
    by_day = {"chunk_days": 1}
    server.script = [(200, matrix([POINT])), (200, matrix([POINT], warnings=["store gateway-2 did not answer"]))]
    night(source(server, **by_day))
    assert con.execute("select asked_until::date::varchar from utilization_watermark").fetchall() == [("2026-11-19",)]
    server.script = [(200, matrix([POINT], warnings=["PromQL warning: a quantile is above 1"]))]
    night(source(server, **by_day))
    assert con.execute("select asked_until::date::varchar from utilization_watermark").fetchall() == [("2026-11-20",)]
    assert [reason for _, _, reason, _ in issues()] == ["server: PromQL warning: a quantile is above 1"]


def test_a_query_that_gives_no_series_all_night_is_told(night, issues, server):
    night(source(server, chunk_days=1))
    assert issues() == [("cpu", "warning", "the query gives no series: is the name of the metric right?", 1)]


def test_a_page_of_a_proxy_is_no_answer(night, server):
    server.script = [(200, "<html>please log in</html>")]
    with pytest.raises(InputError, match=r"not an answer of Prometheus: '<html>please log in.*check `url`"):
        night(source(server))


def test_a_busy_server_is_asked_again_and_one_that_stays_so_is_named(night, server, monkeypatch):
    server.script = [(503, {}), (429, {}), (200, matrix([]))]
    assert night(source(server)).calls == 3
    monkeypatch.setattr("data.utilization.prometheus.api.ATTEMPTS", 2)
    server.script = [(503, {"error": "overloaded"})]
    with pytest.raises(InputError, match=r"prom: http://.*HTTP 503.*overloaded"):
        night(source(server, metrics={"memory": {"promql": "memory"}}))


def test_an_answer_that_drips_is_no_answer(night, server, monkeypatch):
    monkeypatch.setattr("data.utilization.prometheus.api.ANSWER_S", 0.05)
    monkeypatch.setattr("data.utilization.prometheus.api.ATTEMPTS", 2)
    server.drip_s = 0.02
    with pytest.raises(InputError, match=r"no whole answer in 0 s, \d+ bytes of it; is the server up"):
        night(source(server))


def test_credentials_come_from_the_environment_and_the_tenant_from_the_headers(night, server, monkeypatch):
    monkeypatch.setenv("PROM_USER", "plimsoll")
    monkeypatch.setenv("PROM_PASSWORD", "line")
    monkeypatch.setenv("PROM_TOKEN", "abc")
    basic = {"user_env": "PROM_USER", "password_env": "PROM_PASSWORD", "headers": {"X-Scope-OrgID": "shop"}}
    night(source(server, access=basic))
    night(source(server, access={"token_env": "PROM_TOKEN"}, metrics={"b": {"promql": "b"}}))
    (first, _), (second, _) = server.asked
    assert first["Authorization"] == "Basic cGxpbXNvbGw6bGluZQ=="
    assert first["X-Scope-OrgID"] == "shop"
    assert second["Authorization"] == "Bearer abc"
    with pytest.raises(InputError, match=r"PROM_NONE \(access.token_env\) is not set"):
        night(source(server, access={"token_env": "PROM_NONE"}))


def test_a_certificate_is_trusted_by_its_authority_only(night, server, tmp_path, monkeypatch):
    monkeypatch.setattr("data.utilization.prometheus.api.ATTEMPTS", 1)
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, *subject]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    night(source(server, "https", access={"ca_file": cert}))
    with pytest.raises(InputError, match="CERTIFICATE_VERIFY_FAILED"):
        night(source(server, "https", metrics={"b": {"promql": "b"}}))


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "user_env"), (403, "may not query"), (404, "Mimir wants"), (422, "chunk_days lower")],
)
def test_a_refusal_says_what_to_do(night, server, status, advice):
    server.script = [(status, {"status": "error", "error": "no"})]
    with pytest.raises(InputError, match=advice):
        night(source(server))


def test_no_query_asks_for_more_points_than_the_server_gives(night, server):
    night(source(server, step_s=60, history_days=90, chunk_days=60))
    for _, form in server.asked:
        points = (int(form["end"][0]) - int(form["start"][0])) // int(form["step"][0]) + 1
        assert points <= 11_000
    counted = {"requests": {"promql": "x", "shape": "counter"}}
    server.asked.clear()
    night(source(server, step_s=60, history_days=90, chunk_days=60, metrics=counted))
    assert max((int(f["end"][0]) - int(f["start"][0])) // 60 + 1 for _, f in server.asked) <= 11_000


def one(values: dict[int, float], **labels) -> dict:
    return {"metric": {"__name__": "x", **labels}, "values": [[hour * HOUR, str(v)] for hour, v in values.items()]}


def counted(*result: dict, seen: set | None = None, start: int = 1):
    series = read_series(items(result), "service")
    samples = counter_samples(series, "requests", start * HOUR, HOUR, lambda: seen or set())
    frame = samples.frame
    stamps = (frame["stamp"].astype("int64") // (HOUR * 10**6)).tolist()
    return dict(zip(stamps, frame["value"].tolist(), strict=True)), [reason for reason, _ in samples.warnings]


def test_a_reset_counts_from_zero():
    assert counted(one({0: 5, 1: 9, 2: 3, 3: 4}, service="a")) == ({1: 3, 2: 1}, [])


def test_a_series_that_is_born_among_others_counts_from_its_first_sample():
    old, new = one({0: 5, 1: 9, 2: 19, 3: 29}, service="a", pod="1"), one({2: 7, 3: 8}, service="a", pod="2")
    assert counted(old, new) == ({1: 17, 2: 11}, [])


def test_the_first_value_of_a_series_that_counted_elsewhere_is_told_and_not_counted():
    old, new = one({0: 5, 1: 9, 2: 19}, service="a", pod="1"), one({2: 1e9, 3: 1e9 + 8}, service="a", pod="2")
    assert counted(old, new) == ({1: 10, 2: 8}, [BEGAN_ELSEWHERE])


def test_a_series_that_was_away_is_not_born_again():
    labels = {frozenset({("service", "a"), ("pod", "2")})}
    old, back = one({0: 5, 1: 9, 2: 19, 3: 20}, service="a", pod="1"), one({2: 7, 3: 8}, service="a", pod="2")
    assert counted(old, back, seen=labels) == ({1: 10, 2: 2}, [])


def test_two_servers_that_scrape_the_same_are_counted_once_and_fill_each_others_gaps():
    one_server = one({0: 5, 1: 9, 2: 19, 5: 50}, service="a", prometheus_replica="1")
    other = one({0: 5, 1: 8, 3: 31, 4: 40, 5: 49}, service="a", prometheus_replica="2")
    pod = one({hour: 100 * hour for hour in range(6)}, service="a", prometheus_replica="1", pod="2")
    together = {1: 19 - 8, 2: 31 - 19, 3: 40 - 31, 4: 49 - 40}
    series = read_series(items([other, one_server, pod]), "service", ("prometheus_replica",))
    assert len(series) == 2
    frame = counter_samples(series, "requests", HOUR, HOUR, set).frame
    assert frame["value"].tolist() == [100 + rise for rise in together.values()]


def test_buckets_of_a_histogram_that_would_be_added_are_told(night, issues, server):
    bucket = {"metric": {"service": "web", "le": "+Inf"}, "values": [[1795046400, "1"]]}
    server.script = [(200, matrix([bucket]))]
    night(source(server, metrics={"cpu": {"promql": "http_bucket", "shape": "gauge"}}))
    assert issues() == []
    vector = {"status": "success", "data": {"resultType": "vector", "result": []}}
    server.script = [(200, matrix([bucket])), (200, vector)]
    night(source(server, metrics={"requests": {"promql": "http_bucket", "shape": "counter"}}))
    assert "the buckets of a histogram are added: ask for its _count" in [reason for _, _, reason, _ in issues()]


def test_a_counter_that_begins_with_what_is_no_number_is_born_with_its_first_number():
    old, new = (
        one({0: 5, 1: 9, 2: 19, 3: 29}, service="a", pod="1"),
        one({1: "NaN", 2: 7, 3: "NaN"}, service="a", pod="2"),
    )
    assert counted(old, new) == ({1: 17, 2: 10}, [])


def test_what_a_counter_rose_by_over_a_gap_belongs_to_no_hour():
    assert counted(one({0: 5, 1: 6, 4: 100, 5: 101}, service="a")) == ({4: 1}, [OVER_A_GAP])


@pytest.mark.shared
def test_matrices_as_published_are_read_to_the_last_point(shared):
    for file in sorted((shared / "real/prometheus").glob("*.json")):
        result = json.loads(Path(file).read_text())
        frame = gauge_samples(read_series(items(result), "job"), "up").frame
        values = [float(text) for item in result for _, text in item["values"]]
        assert len(frame) == len(values)
        assert frame["value"].sum() == np.sum(values)
        assert set(frame["service"]) == {item["metric"]["job"] for item in result}
