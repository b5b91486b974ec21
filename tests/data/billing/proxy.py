"""A small proxy in front of the S3 API that fails on request, as networks and stores do."""

import http.client
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW_S = 2.5
DRIP_S = 0.2


@dataclass
class Faults:
    """What goes wrong: `planned` faults by a part of the path, used up in order; `seen` counts what was answered."""

    planned: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, bytes] = field(
        default_factory=dict
    )  # by the end of X-Amz-Target: what the service would not say
    before: Callable[[str, str], None] | None = None
    seen: Counter[str] = field(default_factory=Counter)
    ranges: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, path: str) -> str | None:
        with self.lock:
            for part, waiting in self.planned.items():
                if part in path and waiting:
                    return waiting.pop(0)
        return None


@contextmanager
def faulty(upstream: str, faults: Faults) -> Iterator[str]:  # noqa: C901 - one handler, kept together
    """Run the proxy on a free port; yield its address."""
    host, port = upstream.removeprefix("http://").split(":")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if faults.before:
                faults.before(self.command, self.path)
            said = faults.answers.get(self.headers.get("X-Amz-Target", "").rpartition(".")[2])
            if said is not None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
                return
            fault = faults.next(self.path)
            if fault in {"500", "503"}:
                self.send_response(int(fault))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if fault == "slow":
                time.sleep(SLOW_S)
            connection = http.client.HTTPConnection(host, int(port))
            try:
                connection.request(self.command, self.path, body, dict(self.headers))
                got = connection.getresponse()
                content = got.read()
            finally:
                connection.close()
            with faults.lock:
                faults.seen[f"{self.command} {self.path.partition('?')[0]}"] += 1
                if "Range" in self.headers:
                    faults.ranges.append(self.headers["Range"])
            self.relay(got, content, fault)

        def relay(self, got: http.client.HTTPResponse, content: bytes, fault: str | None) -> None:
            try:
                self.send_response(got.status)
                for name, value in got.getheaders():
                    if name.lower() not in {"transfer-encoding", "connection", "server", "date"}:
                        self.send_header(name, value)
                self.end_headers()
                if fault == "damaged":
                    content = bytes([content[0] ^ 1]) + content[1:]
                if fault == "reset":
                    self.wfile.write(content[: len(content) // 2])
                    self.wfile.flush()
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    self.close_connection = True
                    return
                if fault == "drip":
                    for place in range(len(content)):  # each byte in time
                        self.wfile.write(content[place : place + 1])
                        time.sleep(DRIP_S)
                elif self.command != "HEAD":
                    self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client gave up waiting

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer  # noqa: N815 - http.server's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
