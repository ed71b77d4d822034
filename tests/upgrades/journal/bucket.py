"""An object store over HTTP on this machine, in the dialects of S3, Azure Blob Storage and Google Cloud Storage.

It does what those services' pages say of the few requests that a journal needs: PUT (only where there is no object, when asked), GET, HEAD
and a list. Its clock is its own, and it can be made to answer nothing.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Generator

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Bucket:
    """What is in the store, by path: bytes and the time of the last write."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.now = START
        self.is_down = self.is_read_only = False
        self.lock = threading.Lock()
        self.address = ""

    def passes(self, time: timedelta) -> None:
        """Let time go by, by the store's clock alone."""
        self.now += time


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        del format, args

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.bucket.is_read_only:
            return self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        new = (
            self.headers.get("If-None-Match") == "*" or self.headers.get("x-goog-if-generation-match") == "0"
        )
        with self.bucket.lock:
            if new and self._path() in self.bucket.objects:
                is_azure = "x-ms-version" in self.headers
                return self._answer(
                    409 if is_azure else 412, b"<Error><Code>BlobAlreadyExists</Code></Error>"
                )
            self.bucket.objects[self._path()] = (body, self.bucket.now)
        return self._answer(201 if "x-ms-version" in self.headers else 200)

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query or "comp" in query:
            return self._answer(200, self._listed(query.get("prefix", [""])[0]))
        found = self.bucket.objects.get(self._path())
        return self._answer(404) if found is None else self._answer(200, *found)

    do_HEAD = do_GET  # noqa: N815

    def _path(self) -> str:
        """Return the object's name: what follows the bucket, with Azure the account and the container."""
        return (
            unquote(urlsplit(self.path).path)
            .strip("/")
            .split("/", 2 if "x-ms-version" in self.headers else 1)[-1]
        )

    def _listed(self, prefix: str) -> bytes:
        rows = [
            (escape(name), data, at)
            for name, (data, at) in sorted(self.bucket.objects.items())
            if name.startswith(prefix)
        ]
        if "x-ms-version" in self.headers:
            blobs = "".join(
                f"<Blob><Name>{name}</Name><Properties><Last-Modified>{_stamp(at)}</Last-Modified>"
                f"<Content-Length>{len(data)}</Content-Length><Content-Type>b</Content-Type><Etag>e</Etag></Properties></Blob>"
                for name, data, at in rows
            )
            return f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker/></EnumerationResults>".encode()
        items = "".join(
            f"<Contents><Key>{name}</Key><LastModified>{at:%Y-%m-%dT%H:%M:%SZ}</LastModified>"
            f'<ETag>"e"</ETag><Size>{len(data)}</Size></Contents>'
            for name, data, at in rows
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode()

    def _answer(self, code: int, body: bytes = b"", at: datetime | None = None):
        if self.bucket.is_down:
            code, body = 403, b"<Error><Code>AuthorizationFailure</Code></Error>"
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"e"')
        self.send_header("x-goog-generation", "1")
        self.send_header("Last-Modified", _stamp(at or self.bucket.now))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _stamp(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


@contextmanager
def served() -> Generator[Bucket]:
    """Put the store up; it goes when this ends."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
    bucket.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
