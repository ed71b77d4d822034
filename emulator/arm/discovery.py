"""The keys of the emulated Entra on a loopback address, for an API server that has no proxy and no DNS of its own.

kube-apiserver takes tokens by a file (`--authentication-config`): who signs them, where the keys are, what a token has to
say. The file and the port of the address are kept in the lab's folder, because the API server outlives a lab: while no lab
runs it goes by the keys that it has, or asks again until there is one. It reads a changed file by itself.
Source: Kubernetes, "Authenticating", structured authentication configuration.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from typing_extensions import override

from emulator.azure import ids
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.cloud import file as cloud_file
from emulator.entra.tokens import ISSUER

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.control_plane.certificates import Authority
    from emulator.entra.endpoints import Entra

LOOPBACK = "127.0.0.1"
_DOCUMENT = f"/{ids.TENANT}/.well-known/openid-configuration"
_KEYS = f"/{ids.TENANT}/discovery/v2.0/keys"
_PATIENCE = 10.0
"""Seconds that a connection may say nothing."""


def authentication_file(folder: Path) -> Path:
    """Return where a lab keeps the API server's authentication configuration; JSON, which is YAML too."""
    return folder / "arm" / "authentication.json"


def authentication(port: int, authority: str) -> dict[str, Any]:
    """Return the configuration for keys at a port of the loopback address, with its certificate authority (PEM).

    As in AKS, a person or an application is its object id, and groups are object ids.
    """
    issuer = {
        "url": ISSUER,
        "discoveryURL": f"https://{LOOPBACK}:{port}{_DOCUMENT}",
        "certificateAuthority": authority,
        "audiences": [SERVER_APPLICATION],
        "audienceMatchPolicy": "MatchAny",
    }
    mappings = {
        "username": {"claim": "oid", "prefix": ""},
        "groups": {"claim": "groups", "prefix": ""},
    }
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "jwt": [{"issuer": issuer, "claimMappings": mappings}],
    }


class Discovery:
    """Serves the discovery document and the keys, while the context lasts."""

    def __init__(self, folder: Path, entra: Entra, authority: Authority) -> None:
        """Take the lab's folder, whose keys they are, and who certifies the address."""
        self._file = authentication_file(folder)
        self._port_file = self._file.with_name("discovery-port")
        self._entra = entra
        self._authority = authority.files.certificate
        pair = authority.server("discovery", ("localhost",), (LOOPBACK,))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pair.certificate, pair.key)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Listen, on the port of the last time where it is free, and write the configuration that names it."""
        self._server = self._listening()
        port = self._server.server_port
        _replace(self._port_file, str(port))
        _replace(self._file, json.dumps(authentication(port, self._authority.read_text("utf-8")), indent=1))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = None

    def _listening(self) -> _Server:
        with contextlib.suppress(OSError, ValueError, OverflowError):
            return _Server(int(self._port_file.read_text("utf-8")), self._context, self._entra)
        return _Server(0, self._context, self._entra)


class _Server(ThreadingHTTPServer):
    def __init__(self, port: int, context: ssl.SSLContext, entra: Entra) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.context, self.entra = context, entra

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever gets no answer asks again."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]  # made by _Server alone
    timeout = _PATIENCE

    @override
    def setup(self) -> None:
        self.request.settimeout(_PATIENCE)
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self) -> None:
        """Answer with the document or the keys, nothing else."""
        if self.path not in {_DOCUMENT, _KEYS}:
            self.send_error(404)
            return
        status, body = self.server.entra.answer("GET", self.path, {})
        if self.path == _DOCUMENT:
            # Entra's own address is reached through the lab's proxy, which the API server does not know.
            body |= {"jwks_uri": f"https://{LOOPBACK}:{self.server.server_port}{_KEYS}"}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole, and only when it changes: the API server watches it."""
    if cloud_file.read(path) != text.encode():
        cloud_file.replace(path, text)
