"""login.microsoftonline.com: discovery, keys, and tokens for applications with a secret.

Sources: Microsoft Learn, "Microsoft identity platform and the OAuth 2.0 client credentials flow" and "OpenID Connect on the
Microsoft identity platform"; of refusals, in Entra's words (OAuth's error, an AADSTS number, a sentence), `refusals.json` names them.
"""

from __future__ import annotations

import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.entra import directory, tokens
from emulator.https.messages import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud.cloud import Cloud
    from emulator.cloud.faults import Fault
    from emulator.entra.directory import Principal
    from emulator.entra.keys import SigningKey

HOSTS = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")
"""The names of Entra in the public cloud."""
_RESOURCES = {
    *tokens.ARM_AUDIENCES,
    *tokens.GRAPH_AUDIENCES,
    SERVER_APPLICATION,
    f"api://{SERVER_APPLICATION}",
}
"""What an application gets tokens for: Azure Resource Manager, Microsoft Graph, AKS's server application."""
_V2 = "v2.0/"


_BUSY = {
    "throttled": (429, "temporarily_unavailable"),
    "serverError": (500, "server_error"),
    "unavailable": (503, "temporarily_unavailable"),
}


@cache
def _rows() -> dict[int, dict[str, Any]]:
    data = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))
    return {row["number"]: row for row in data["refusals"]}


class RefusedError(Exception):
    """A login that is refused, by the number of its reason; `said` fills in the sentence."""

    def __init__(self, number: int, **said: str) -> None:
        self.row = _rows()[number]
        super().__init__(self.row["sentence"].format(**said))

    def reply(self) -> Reply:
        """Return the answer that says so."""
        return _reply(self.row["status"], self.row["error"], self.row["number"], str(self))


def _busy(fault: str, retry_after: int) -> Reply | None:
    """Return the answer of a token service that an ordered fault keeps from answering, None for another fault."""
    if fault not in _BUSY:
        return None
    told = _reply(*_BUSY[fault], 90033, "A transient error has occurred. Please try again.")
    return Reply(told.status, told.body, {"Retry-After": str(retry_after)})


def _reply(status: int, error: str, number: int, sentence: str) -> Reply:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    text = f"AADSTS{number}: {sentence} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
    body = {
        "error": error,
        "error_description": text,
        "error_codes": [number],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return Reply(status, body, {"Cache-Control": "no-store"})


@dataclass(frozen=True)
class TokenService:
    """The token service of one tenant; its users are those of the cloud's directory."""

    cloud: Cloud
    key: SigningKey
    tenant: str
    secret: str
    """The secret of the lab's own service principal."""

    def answer(self, request: Request) -> Reply:
        """Answer a request to one of `HOSTS`."""
        tenant, _, rest = request.path.strip("/").partition("/")
        if rest == "discovery/instance":
            return _instance(request)
        try:
            return self._answer(request, tenant, rest)
        except RefusedError as refused:
            return refused.reply()

    def _answer(self, request: Request, tenant: str, rest: str) -> Reply:
        if tenant.lower() not in {self.tenant, "common", "organizations"}:
            raise RefusedError(90002, tenant=tenant)
        if rest in (f"{_V2}.well-known/openid-configuration", ".well-known/openid-configuration"):
            return Reply(200, self._configuration(request.origin, v2=rest.startswith(_V2)))
        if rest in ("discovery/v2.0/keys", "discovery/keys"):
            return Reply(200, self.key.jwks())
        if rest in ("oauth2/v2.0/token", "oauth2/token"):
            if request.method != "POST":
                raise RefusedError(900561)
            return self._token(parse_qs(request.body.decode()), v2="v2.0" in rest)
        return Reply(404, {"error": {"code": "NotFound", "message": f"there is nothing at {request.path}"}})

    def _configuration(self, origin: str, *, v2: bool) -> Mapping[str, Any]:
        """Return the OpenID configuration. Its addresses are at the host that was asked: the API server asks on loopback."""
        at = f"{origin}/{self.tenant}"
        version = "/v2.0" if v2 else ""
        return {
            "issuer": f"https://login.microsoftonline.com/{self.tenant}/v2.0"
            if v2
            else tokens.issuer(self.tenant),
            "authorization_endpoint": f"{at}/oauth2{version}/authorize",
            "token_endpoint": f"{at}/oauth2{version}/token",
            "device_authorization_endpoint": f"{at}/oauth2{version}/devicecode",
            "jwks_uri": f"{at}/discovery{version}/keys",
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "oid", "tid", "groups", "upn"],
            "cloud_instance_name": "microsoftonline.com",
            "tenant_region_scope": None,
        }

    def _token(self, form: Mapping[str, list[str]], *, v2: bool) -> Reply:
        said = {name: values[0] for name, values in form.items()}
        grant, client = said.get("grant_type"), said.get("client_id")
        if not grant:
            raise RefusedError(900144, name="grant_type")
        if grant != "client_credentials":
            raise RefusedError(70003, grant=grant)
        if not client:
            raise RefusedError(900144, name="client_id")
        fault = self.cloud.take_fault("token", f"/{self.tenant}/{client}")
        is_stale = fault is not None and fault.kind == "staleToken"
        if fault is not None and not is_stale:
            return self._fault(fault)
        principal = self._sign_in(client, said.get("client_secret"))
        audience = self._audience(said, v2=v2)
        groups = () if is_stale else directory.groups_of(self.cloud.view(), principal.object_id)
        token = tokens.issue(self.key, self.tenant, principal, audience, groups)
        life = tokens.LIFETIME - 1
        body = {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}
        return Reply(200, body, {"Cache-Control": "no-store", "Pragma": "no-cache"})

    def _fault(self, fault: Fault) -> Reply:
        """Return what an ordered fault makes the endpoint answer. Raises RefusedError for an ordered refusal."""
        told = _busy(fault.kind, self.cloud.view().settings.retry_after_seconds)
        if told is None:
            raise RefusedError(53003)
        return told

    def _sign_in(self, client: str, secret: str | None) -> Principal:
        """Return who has this client id and this secret. Raises RefusedError."""
        state = self.cloud.view()
        if client.lower() == directory.OWNER.client:
            if not secret:
                raise RefusedError(7000218)
            if not hmac.compare_digest(secret.encode(), self.secret.encode()):
                raise RefusedError(7000215, client=client)
            return directory.OWNER
        found = directory.application(state, client)
        if found is None:
            raise RefusedError(700016, client=client, tenant=self.tenant)
        if not secret:
            raise RefusedError(7000218)
        app, principal = found
        known = [p for p in directory.passwords(state, client) if directory.matches(p, secret)]
        if not known:
            raise RefusedError(7000215, client=client)
        if all(directory.is_over(p, datetime.now(UTC)) for p in known):
            raise RefusedError(7000222, client=client)
        if principal.properties.get("accountEnabled") is False:
            raise RefusedError(7000112, client=client, name=app.name)
        return directory.Principal(client, str(principal.properties["objectId"]))

    def _audience(self, said: Mapping[str, str], *, v2: bool) -> str:
        """Return what the token is for: a scope of version 2 less its `/.default`, or a resource of version 1."""
        name = "scope" if v2 else "resource"
        text = said.get(name)
        if not text:
            raise RefusedError(900144, name=name)
        if v2 and not text.endswith("/.default"):
            raise RefusedError(1002012, scope=text)
        resource = text.removesuffix("/.default")
        if resource not in _RESOURCES:
            raise RefusedError(500011, resource=resource, tenant=self.tenant)
        return resource.removeprefix("api://")


def _instance(request: Request) -> Reply:
    """Answer MSAL's question which hosts are one and the same Entra."""
    asked = request.query.get("authorization_endpoint", "")
    if asked and not any(asked.lower().startswith(f"https://{host}/") for host in HOSTS):
        return RefusedError(50049).reply()
    hosts = {"preferred_network": HOSTS[0], "preferred_cache": "login.windows.net", "aliases": list(HOSTS)}
    body = {
        "tenant_discovery_endpoint": f"https://{HOSTS[0]}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [hosts],
    }
    return Reply(200, body)
