"""The HTTPS server of the lab's Azure, reached by the unchanged SDKs through environment variables alone.

It is a proxy for `HTTPS_PROXY`: a CONNECT to one of Azure's names is answered by the lab itself, with a certificate of the lab's
own authority; one to any other name is refused, so that nothing leaves the machine. The API server of the lab's cluster, which
knows no proxy, reaches Entra's keys on the second port.
"""

from __future__ import annotations

import json
import ssl
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import certifi

from emulator.arm.answer import Answer, Request, refusal
from emulator.arm.routes import answer as arm_answer
from emulator.azure import ids
from emulator.cloud.cloud import Cloud
from emulator.control_plane.certificates import Authority
from emulator.entra import endpoint
from emulator.entra.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ARM_HOST = "management.azure.com"
LOGIN_HOSTS = (endpoint.HOST, "login.microsoft.com", "login.windows.net")
LOOPBACK = "127.0.0.1"
_SILENT = 60.0
"""Seconds after which a connection that says nothing is closed."""


class ArmServer:
    """Azure Resource Manager and Entra on the cloud kept in `folder`; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._keep = folder / "azure"
        self._keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.cloud = Cloud(folder / "cloud.json")
        self.tokens = Tokens(self._keep, self.cloud)
        authority = Authority(self._keep / "certificates")
        self.authority_file = authority.files.certificate
        """The certificate of the lab's authority, PEM."""
        names = [ARM_HOST, *LOGIN_HOSTS]
        pair = authority.server("azure", names, [LOOPBACK])
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(pair.certificate, pair.key)
        self._server = _Server(self)

    def __enter__(self) -> Self:
        """Start listening."""
        threading.Thread(target=self._server.serve_forever, name="azure", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> Mapping[str, str]:
        """What lets azure-identity and the SDKs of Azure find this server, and log in as the lab's own principal."""
        bundle = self._keep / "certificates.pem"
        bundle.write_bytes(certifi.contents().encode() + self.authority_file.read_bytes())
        port = self._server.server_address[1]
        return {
            # In capitals alone: gRPC, which the engine and its plugins speak among themselves, reads the small ones.
            "HTTPS_PROXY": f"http://{LOOPBACK}:{port}",
            "NO_PROXY": "127.0.0.1,localhost,::1",
            "REQUESTS_CA_BUNDLE": str(bundle),
            "SSL_CERT_FILE": str(bundle),
            "AZURE_TENANT_ID": self.tokens.tenant,
            "AZURE_CLIENT_ID": ids.CLIENT,
            "AZURE_CLIENT_SECRET": self.tokens.principals()[ids.CLIENT].secret,
            "AZURE_SUBSCRIPTION_ID": ids.SUBSCRIPTION,
            "ARM_SUBSCRIPTION_ID": ids.SUBSCRIPTION,
            "ARM_TENANT_ID": self.tokens.tenant,
        }

    def answer(self, request: Request) -> Answer:
        """Answer one call to one of Azure's names."""
        if request.host == ARM_HOST:
            return arm_answer(self.cloud, self.tokens, request)
        authorization = request.headers.get("authorization", "")
        at = f"https://{request.host}"
        status, body = endpoint.answer(
            self.tokens, request.method, at, request.path, request.body, authorization
        )
        return Answer(status, body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, azure: ArmServer) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.azure = azure

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SILENT
    server: _Server
    _host = ""

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0].strip("[]").lower()
        if host not in {ARM_HOST, *LOGIN_HOSTS}:
            self.send_error(403, f"the lab has no {host}, and nothing leaves this machine")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self._host = host
        try:
            self.connection = self.server.azure.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def _call(self) -> None:
        url = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        query = {k.lower(): v for k, v in parse_qsl(url.query)}
        headers = {k.lower(): v for k, v in self.headers.items()}
        request = Request(self.command, self._host, unquote(url.path), query, headers, self.rfile.read(size))
        try:
            found = (
                self.server.azure.answer(request)
                if self._host
                else refusal(400, "BadRequest", "this is a proxy for Azure's names: use it as HTTPS_PROXY")
            )
        except Exception as error:  # noqa: BLE001 - a defect of ours: the caller must hear of it
            found = refusal(500, "InternalServerError", f"defect of the lab: {type(error).__name__}: {error}")
        body = b"" if found.body is None else json.dumps(found.body).encode()
        self.send_response(found.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-ms-request-id", str(uuid.uuid4()))
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_HEAD = _call  # noqa: N815 - named by the methods

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Write no log."""
