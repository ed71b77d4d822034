"""An HTTP proxy that ends the TLS of a few hosts itself and lets nothing through to any other."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.arm.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Site = Callable[[Request], Response | None]
    """What answers for a host; None is no answer at all: the connection ends."""


class Proxy(ThreadingHTTPServer):
    """Listens on a free port of the loopback address."""

    def __init__(self, sites: Mapping[str, Site], context: ssl.SSLContext) -> None:
        """Take who answers by name of the host, and the certificate for all of them."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sites, self.context = sites, context
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.server_port}"

    def hold(self, connection: socket.socket) -> None:
        """Remember a connection, to end it with the server."""
        with self._lock:
            self._open.add(connection)

    def let_go(self, connection: socket.socket) -> None:
        """Close a connection."""
        with self._lock:
            self._open.discard(connection)
        connection.close()

    @override
    def server_close(self) -> None:
        super().server_close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a mistake of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy  # pyright: ignore[reportIncompatibleVariableOverride]  # made by Proxy alone
    connection: socket.socket
    host = ""

    def do_CONNECT(self) -> None:
        """Take the place of a host, or refuse the way to it."""
        host = self.path.rpartition(":")[0].lower()
        if self.host or host not in self.server.sites:
            self.send_error(
                403, f"nothing but the emulated Azure is reached from here, not {self.path[:200]}"
            )
            self.close_connection = True
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        tls = self.server.context.wrap_socket(self.connection, server_side=True)
        self.server.hold(tls)
        self.connection, self.host = tls, host
        self.rfile = tls.makefile("rb", -1)
        self.wfile = tls.makefile("wb")
        self.close_connection = False

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        if not self.host:
            self.send_error(403, "this proxy takes CONNECT alone")
            self.close_connection = True
            return
        request = Request.read(self.command, self.host, self.path, dict(self.headers.items()), content)
        response = self.server.sites[self.host](request)
        if response is None:
            self.close_connection = True
            return
        body = response.content()
        self.send_response(response.status)
        kind = {"Content-Type": "application/json; charset=utf-8"} if body else {}
        length_too = {} if response.status == HTTPStatus.NO_CONTENT else {"Content-Length": str(len(body))}
        for name, value in {**kind, **response.headers, **length_too}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    @override
    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        if isinstance(self.connection, ssl.SSLSocket):
            self.server.let_go(self.connection)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""
