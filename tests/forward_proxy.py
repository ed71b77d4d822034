"""A company's forward proxy on loopback: it takes CONNECT alone, and leads every name to one port of this machine."""

from __future__ import annotations

import base64
import selectors
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 65_536


@dataclass
class Proxy:
    """Where it listens, and which names it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def forward_proxy(port: int, login: str | None = None) -> Iterator[Proxy]:
    """Run one that leads to the port; with a login (`user:password`) it answers nobody without (407)."""
    wanted = "Basic " + base64.b64encode(login.encode()).decode() if login else None

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            if wanted and self.headers.get("Proxy-Authorization") != wanted:
                self.send_response(407)
                self.send_header("Proxy-Authenticate", "Basic realm=company")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            proxy.asked.append(self.path)
            with socket.create_connection(("127.0.0.1", port)) as far:
                self.send_response(200)
                self.end_headers()
                _relay(self.connection, far)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy = Proxy(f"http://{f'{login}@' if login else ''}127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _relay(near: socket.socket, far: socket.socket) -> None:
    """Carry bytes both ways until one side has no more."""
    with selectors.DefaultSelector() as both:
        both.register(near, selectors.EVENT_READ, far)
        both.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _ in both.select():
                source, target = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                try:
                    if not (data := source.recv(_CHUNK)):
                        return
                    target.sendall(data)
                except OSError:  # either side went
                    return
