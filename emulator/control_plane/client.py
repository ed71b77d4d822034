"""A small client for an API server: JSON over connections that stay open."""

from __future__ import annotations

import json
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from urllib3 import HTTPHeaderDict, HTTPSConnectionPool, Retry
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.https.certificates import KeyPair

Json = dict[str, Any]
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
_CONNECTIONS = 16
_ONCE_MORE = Retry(1, allowed_methods=None, redirect=0, status=0)
"""The server may close an idle connection, once; what it answers is an answer."""


class ApiError(Exception):
    """The API server refused; `status` is HTTP's, `reason` and `message` are its own words, `causes` what it adds to them."""

    def __init__(self, status: int, reason: str, message: str, causes: tuple[str, ...] = ()) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message
        self.causes = causes


class Resource(NamedTuple):
    """One resource or subresource that the server knows, such as apps/v1 `deployments/scale`."""

    group: str
    version: str
    name: str
    kind: str
    namespaced: bool
    verbs: tuple[str, ...]

    def path(self, namespace: str | None, name: str | None = None) -> str:
        """Return the URL path of the collection, or of one object of it."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        scope = f"/namespaces/{quote(namespace)}" if self.namespaced and namespace else ""
        resource, _, sub = self.name.partition("/")
        return f"{root}{scope}/{resource}" + (f"/{quote(name)}" if name else "") + (f"/{sub}" if sub else "")


class ApiClient:
    """Requests as one user; safe for several threads. Every method raises ApiError for a refusal.

    `credentials` are a client certificate or a bearer token. `impersonate` is a user and its groups to act as, which needs the right to do so; `timeout` is in seconds.
    """

    def __init__(
        self,
        address: tuple[str, int],
        authority: Path,
        credentials: KeyPair | str,
        impersonate: tuple[str, tuple[str, ...]] | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._address = address
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._headers = HTTPHeaderDict()
        if isinstance(credentials, str):
            self._headers["Authorization"] = f"Bearer {credentials}"
        else:
            self._tls.load_cert_chain(credentials.certificate, credentials.key)
        if impersonate:
            self._headers["Impersonate-User"] = impersonate[0]
            for group in impersonate[1]:
                self._headers.add("Impersonate-Group", group)
        self._pool = HTTPSConnectionPool(
            *address, timeout=timeout, maxsize=_CONNECTIONS, ssl_context=self._tls, retries=_ONCE_MORE
        )

    def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
    ) -> tuple[int, bytes]:
        """Send one request and return the HTTP status and the raw answer, whatever it is. Raises ConnectionError."""
        headers = self._headers.copy()
        headers["Accept"] = accept
        content = None
        if body is not None:
            headers["Content-Type"], content = content_type, json.dumps(body).encode()
        try:
            answer = self._pool.urlopen(method, path, content, headers)
        except HTTPError as error:
            raise ConnectionError(str(error)) from None
        return answer.status, answer.data

    def close(self) -> None:
        """Close its connections."""
        self._pool.close()

    def call(self, method: str, path: str, body: Json | None = None, **options: str) -> Json:
        """Send one request and return the JSON answer."""
        status, content = self.request(method, path, body, **options)
        try:
            answer: Json = json.loads(content)
        except ValueError:
            answer = {"message": content.decode(errors="replace")}
        if status >= HTTPStatus.BAD_REQUEST:
            details: Json = answer.get("details") or {}
            causes = tuple(str(cause.get("message", "")) for cause in details.get("causes") or ())
            raise ApiError(status, str(answer.get("reason", "")), str(answer.get("message", "")), causes)
        return answer

    def get(self, path: str, **query: str) -> Json:
        """GET a path."""
        return self.call("GET", path + (f"?{urlencode(query)}" if query else ""))

    def create(self, path: str, body: Json) -> Json:
        """POST an object or a review to a collection."""
        return self.call("POST", path, body)

    def merge(self, path: str, patch: Json) -> Json:
        """PATCH an object with a merge patch."""
        return self.call("PATCH", path, patch, content_type=MERGE)

    def delete(self, path: str) -> Json:
        """DELETE an object or a collection."""
        return self.call("DELETE", path)

    def apply(self, manifest: Json, manager: str, *, force: bool = False, dry_run: bool = False) -> Json:
        """Server-side apply one object under a field manager; a conflict is an ApiError 409."""
        resource = self.resource_of(manifest["apiVersion"], manifest["kind"])
        meta = manifest["metadata"]
        query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        path = resource.path(meta.get("namespace", "default"), meta["name"])
        return self.call("PATCH", f"{path}?{urlencode(query)}", manifest, content_type=APPLY)

    def resource_of(self, api_version: str, kind: str) -> Resource:
        """Return the resource of a manifest's apiVersion and kind; LookupError where there is none."""
        root = "/apis" if "/" in api_version else "/api"
        for one in self.get(f"{root}/{api_version}")["resources"]:
            if one["kind"] == kind and "/" not in one["name"]:
                group, _, version = api_version.rpartition("/")
                return Resource(group, version, one["name"], kind, one["namespaced"], tuple(one["verbs"]))
        raise LookupError(f"the API server knows no {api_version} {kind}")
