"""Many reviews on few connections: a batch of requests is written at once, then its answers are read.

One request after another costs five times as much, nearly all of it in the client.
"""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emulator.control_plane import ApiClient

BATCH = 64
HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"^HTTP/1\.1 (\d+) (?:.|\r|\n)*?\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)


def post_all(client: ApiClient, path: str, bodies: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    """POST every body to the path on one connection and yield the raw answers in order; only 201 is an answer."""
    host, port = client._address
    with (
        socket.create_connection((host, port), timeout=60) as plain,
        client._tls.wrap_socket(plain, server_hostname=host) as connection,
    ):
        received = b""
        for start in range(0, len(bodies), BATCH):
            batch = bodies[start : start + BATCH]
            connection.sendall(b"".join(_request(path, host, body) for body in batch))
            for _ in batch:
                while (end := received.find(HEAD_END)) < 0:
                    received += _more(connection)
                head = LENGTH.match(received[: end + 4])
                assert head, received[: end + 4]
                stop = end + 4 + int(head[2])
                while len(received) < stop:
                    received += _more(connection)
                answer, received = received[end + 4 : stop], received[stop:]
                assert head[1] == b"201", answer
                yield answer


def _request(path: str, host: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(1 << 18)
    assert chunk, "the API server closed the connection"
    return chunk
