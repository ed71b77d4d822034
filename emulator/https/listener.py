"""A server on the loopback address that stands for several hosts: a thread a connection, all of them closed when it ends.

A client that has it as its HTTPS proxy asks for a tunnel to a host. For the hosts that the lab stands for the tunnel ends
here, under the lab's certificate; every other host is refused, so that nothing leaves the machine. `http.server` is enough
for it, and no server framework ends TLS in the middle of a connection.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import sys
import threading
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from typing_extensions import override

from emulator.errors import OperationError
from emulator.https.messages import JSON, DroppedError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from emulator.https.certificates import KeyPair

LOOPBACK = "127.0.0.1"
_TLS_HANDSHAKE = 0x16
"""The first byte of a TLS connection (RFC 8446, section 5.1)."""


class Listener(ThreadingHTTPServer):
    """Listens once made; a context manager that serves while its block runs. Raises OSError when the port is taken."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    allow_reuse_address = sys.platform != "win32"

    def __init__(
        self, port: int, certificate: KeyPair, hosts: Collection[str], answer: Callable[[Request], Reply]
    ) -> None:
        """Take a port (0 for a free one), the server's certificate, the hosts it stands for, and what answers."""
        self.hosts = frozenset(hosts)
        self.answer = answer
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.tls.load_cert_chain(certificate.certificate, certificate.key)
        self.faults: list[str] = []
        """Tracebacks of requests that a defect of the lab answered with 500."""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__((LOOPBACK, port), Handler)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.server_address[1]

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection and remember it."""
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open.add(connection)
        return connection, address

    def replace(self, plain: socket.socket, tls: socket.socket) -> None:
        """Remember a connection in its TLS form."""
        with self._lock:
            self._open.discard(plain)
            self._open.add(tls)

    def closed(self, connection: socket.socket) -> None:
        """Close a connection and forget it."""
        with self._lock:
            self._open.discard(connection)
        _close(connection)

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Close a connection that broke: a client that went away, or that does not trust the certificate."""
        self.closed(request)

    def __enter__(self) -> Self:
        """Serve from a thread of its own."""
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name="lab-https", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and close every connection."""
        self.shutdown()
        if self._thread:
            self._thread.join()
        self.server_close()
        with self._lock:
            left, self._open = self._open, set[socket.socket]()
        for connection in left:
            _close(connection)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 and hands requests to the listener's `answer`."""

    protocol_version = "HTTP/1.1"
    server_version = "SecureAksLab"
    sys_version = ""
    server: Listener  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def setup(self) -> None:
        """Begin with TLS where the client does."""
        self._host = ""
        self._is_tls = False
        first = self.request.recv(1, socket.MSG_PEEK)
        if first and first[0] == _TLS_HANDSHAKE:
            self._begin_tls()
        super().setup()

    def _begin_tls(self) -> None:
        wrapped = self.server.tls.wrap_socket(self.request, server_side=True)
        self.server.replace(self.request, wrapped)
        self.request = wrapped
        self._is_tls = True

    @override
    def finish(self) -> None:
        """Close; the peer may be gone already."""
        with contextlib.suppress(OSError, ValueError):
            super().finish()
        self.server.closed(self.request)

    def do_CONNECT(self) -> None:
        """Open a tunnel to a host that the lab stands for, which ends here."""
        host, _, port = self.path.rpartition(":")
        if self._is_tls or host.lower() not in self.server.hosts or port != "443":
            self.send_error(
                HTTPStatus.FORBIDDEN,
                f"the lab does not stand for {self.path}",
                "Nothing leaves this machine from inside the lab.",
            )
            self.close_connection = True
            return
        self.send_response_only(HTTPStatus.OK, "Connection established")
        self.end_headers()
        self._host = host.lower()
        self._begin_tls()
        self.rfile = self.request.makefile("rb", self.rbufsize)
        self.wfile = self.request.makefile("wb")
        self.close_connection = False

    def __getattr__(self, name: str) -> Any:
        """Return the method for any other verb."""
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        """Read a request, answer it."""
        request = self._read()
        if request is None:
            return
        try:
            reply = self.server.answer(request)
        except DroppedError:
            self.close_connection = True
            return
        except Exception as error:  # noqa: BLE001  (the client gets a 500, as from any server)
            self.server.faults.append(traceback.format_exc())
            told = {"code": "InternalServerError", "message": _told(error)}
            reply = Reply(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": told})
        self._send(reply)

    def _read(self) -> Request | None:
        parts = urlsplit(self.path)
        host = (parts.hostname or self.headers.get("host") or "").lower()
        name = host.rpartition(":")[0] or host
        if not self._is_tls:
            self._refuse(HTTPStatus.FORBIDDEN, "Plain HTTP leaves the lab for nowhere; ask by HTTPS.")
            return None
        if self._host and name != self._host:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, f"The tunnel goes to {self._host}, not to {host}.")
            return None
        if self.headers.get("transfer-encoding"):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "The body needs a Content-Length.")
            return None
        length = int(self.headers.get("content-length") or 0)
        return Request(
            method=self.command,
            host=name,
            origin=f"https://{host}",
            path=unquote(parts.path),
            query={k.lower(): v for k, v in parse_qsl(parts.query, keep_blank_values=True)},
            headers={k.lower(): v for k, v in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        self.close_connection = True
        self._send(Reply(status, {"error": {"code": status.phrase.replace(" ", ""), "message": message}}))

    def _send(self, reply: Reply) -> None:
        content = reply.content()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", JSON)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what the lab's user sees is the client's."""


def _told(error: Exception) -> str:
    """Return one line for the client; the traceback is among the listener's faults."""
    if isinstance(error, OperationError):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    why = " ".join(f"{type(error).__name__}: {error}".split())
    return (
        f"The lab cannot answer this ({why}; {os.path.basename(place.filename)}:{place.lineno}). "  # noqa: PTH119 - a name, not a file
        "Where its cloud.json was changed by hand, change it back; else it is a defect of the lab."
    )
