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

    from emulator.control_plane.client import ApiClient

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
        headers = [("Host", host), ("Content-Type", "application/json"), *client._headers.items()]
        head = "".join([f"POST {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in headers)])
        received = b""
        for start in range(0, len(bodies), BATCH):
            batch = bodies[start : start + BATCH]
            connection.sendall(b"".join(_request(head, body) for body in batch))
            for _ in batch:
                while (end := received.find(HEAD_END)) < 0:
                    received += _more(connection)
                found = LENGTH.match(received[: end + 4])
                assert found, received[: end + 4]
                stop = end + 4 + int(found[2])
                while len(received) < stop:
                    received += _more(connection)
                answer, received = received[end + 4 : stop], received[stop:]
                assert found[1] == b"201", answer
                yield answer


def _request(head: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(1 << 18)
    assert chunk, "the API server closed the connection"
    return chunk
