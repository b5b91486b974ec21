"""A local HTTP receiver that keeps what it is sent: Apprise's json:// notices, heartbeats, questions to Prometheus."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What came: `notices` as dicts, `paths` of everything; `answer` is what is said to POSTs."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.answer = b"{}"
        self.port = 0

    @property
    def apprise(self) -> str:
        return f"json://127.0.0.1:{self.port}/notices"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def titles(self) -> list[str]:
        return [notice["title"] for notice in self.notices]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a free port while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._take()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.startswith("/notices"):
                receiver.notices.append(json.loads(body))
            self._take()

        def _take(self) -> None:
            receiver.paths.append(self.path)
            receiver.headers.append(dict(self.headers))
            self.send_response(receiver.status if not self.path.startswith("/notices") else 200)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
