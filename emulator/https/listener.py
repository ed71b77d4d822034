"""A server on the loopback address that stands for several hosts: a thread a connection, all of them closed when it ends."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from typing_extensions import override

from emulator.https.handler import Handler

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from emulator.https.certificates import KeyPair
    from emulator.https.messages import Reply, Request

LOOPBACK = "127.0.0.1"


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

    def fault(self, text: str) -> None:
        """Keep the traceback of a defect."""
        self.faults.append(text)

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
