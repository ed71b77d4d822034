"""A small client for an API server: JSON over connections that stay open, one for each thread."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.https.certificates import KeyPair

Json = dict[str, Any]
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class ApiError(Exception):
    """The API server refused; `status` is HTTP's, `reason` and `message` are its own words."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message


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


class _Connection(http.client.HTTPSConnection):
    """Closes its socket when the thread that used it is gone, also when that is found out by the collector of cycles."""

    def connect(self) -> None:
        """Connect; the socket outlives the connection just long enough to be closed."""
        super().connect()
        weakref.finalize(self, self.sock.close)


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
        self._timeout = timeout
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._headers: list[tuple[str, str]] = []
        if isinstance(credentials, str):
            self._headers = [("Authorization", f"Bearer {credentials}")]
        else:
            self._tls.load_cert_chain(credentials.certificate, credentials.key)
        self._local = threading.local()
        if impersonate:
            user, groups = impersonate
            self._headers.append(("Impersonate-User", user))
            self._headers += [("Impersonate-Group", group) for group in groups]

    def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
    ) -> tuple[int, bytes]:
        """Send one request and return the HTTP status and the raw answer, whatever it is."""
        for attempt in (1, 2):
            connection, fresh = self._connection()
            try:
                connection.putrequest(method, path, skip_accept_encoding=True)
                for name, value in (("Accept", accept), *self._headers):
                    connection.putheader(name, value)
                content = None if body is None else json.dumps(body).encode()
                if content is not None:
                    connection.putheader("Content-Type", content_type)
                    connection.putheader("Content-Length", str(len(content)))
                connection.endheaders(content)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                del self._local.connection
                if fresh or attempt == 2:  # noqa: PLR2004 - an idle connection may be closed by the server, once
                    raise
        raise AssertionError  # the loop returns or raises

    def _connection(self) -> tuple[http.client.HTTPSConnection, bool]:
        known = getattr(self._local, "connection", None)
        if known is not None:
            return known, False
        host, port = self._address
        self._local.connection = _Connection(host, port, context=self._tls, timeout=self._timeout)
        return self._local.connection, True

    def close(self) -> None:
        """Close this thread's connection."""
        known = getattr(self._local, "connection", None)
        if known is not None:
            known.close()
            del self._local.connection

    def call(self, method: str, path: str, body: Json | None = None, **options: str) -> Json:
        """Send one request and return the JSON answer."""
        status, content = self.request(method, path, body, **options)
        try:
            answer: Json = json.loads(content)
        except ValueError:
            answer = {"message": content.decode(errors="replace")}
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise ApiError(status, str(answer.get("reason", "")), str(answer.get("message", "")))
        return answer

    def get(self, path: str, **query: str) -> Json:
        """GET a path."""
        return self.call("GET", path + (f"?{urlencode(query)}" if query else ""))

    def create(self, path: str, body: Json) -> Json:
        """POST an object or a review to a collection."""
        return self.call("POST", path, body)

    def delete(self, path: str) -> Json:
        """DELETE an object or a collection."""
        return self.call("DELETE", path)

    def resources(self) -> list[Resource]:
        """Return every resource and subresource that this user can discover, each in its preferred version."""
        found: list[Resource] = []
        for root in ("/api", "/apis"):
            for group in self.call("GET", root, accept=DISCOVERY)["items"]:
                seen: set[str] = set()
                for version in group["versions"]:
                    for one in _resources(group["metadata"].get("name", ""), version):
                        if one.name not in seen:
                            found.append(one)
                            seen.add(one.name)
        return found

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


def _resources(group: str, version: Json) -> list[Resource]:
    """Return what one version of a group offers in aggregated discovery."""
    found: list[Resource] = []
    for one in version["resources"]:
        namespaced = one["scope"] == "Namespaced"
        kind = one.get("responseKind", {}).get("kind", "")
        row = Resource(group, version["version"], one["resource"], kind, namespaced, tuple(one["verbs"]))
        found.append(row)
        for sub in one.get("subresources", ()):
            name = f"{one['resource']}/{sub['subresource']}"
            kind = sub.get("responseKind", {}).get("kind", "")
            found.append(Resource(group, version["version"], name, kind, namespaced, tuple(sub["verbs"])))
    return found
