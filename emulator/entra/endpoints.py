"""The endpoints of login.microsoftonline.com that MSAL calls to log an application in with its secret."""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from emulator.azure import ids
from emulator.azure.aks.admins import all_admin_groups
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.azure.shapes import rows
from emulator.cloud.events import CLUSTER_TYPE
from emulator.cloud.file import replace
from emulator.entra import refusals
from emulator.entra.tokens import ISSUER, LIFETIME, Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emulator.cloud.cloud import Cloud
    from emulator.cloud.state import State

Answer = tuple[int, dict[str, Any]]

HOST = "login.microsoftonline.com"
HOSTS = (HOST, "login.microsoft.com", "login.windows.net", "sts.windows.net")
"""All the names of Entra's public cloud; the last one is who signs."""
MANAGEMENT = tuple(
    f"https://management.{domain}{slash}"
    for domain in ("azure.com", "core.windows.net")
    for slash in ("", "/")
)
"""The names of Azure Resource Manager as an audience."""
_CONFIGURATION = re.compile(r"/([^/]+)(/v2\.0)?/\.well-known/openid-configuration")
_TOKEN = re.compile(r"/([^/]+)/oauth2/v2\.0/token")
_KEYS = re.compile(r"(/[^/]+)?/discovery/(v2\.0/)?keys")


class Entra:
    """The tenant's login: one application, with a secret that is made at first use and stays in the folder."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self._cloud = cloud
        self.tokens = Tokens(folder)
        path = folder / "client-secret"
        if not path.exists():
            replace(path, secrets.token_urlsafe(30))
        self.secret = path.read_text(encoding="utf-8")

    def answer(self, method: str, path: str, form: Mapping[str, str]) -> Answer:
        """Return the status and the body of the answer to a request; `form` is that of a POST."""
        try:
            if method == "GET" and path.lower() == "/common/discovery/instance":
                return 200, _instances(HOST)
            if method == "GET" and (found := _CONFIGURATION.fullmatch(path)):
                return 200, _configuration(_tenant(found[1]), found[2] or "")
            if method == "GET" and _KEYS.fullmatch(path):
                return 200, self.tokens.keys()
            if method == "POST" and (found := _TOKEN.fullmatch(path)):
                return 200, self._token(_tenant(found[1]), form)
        except refusals.LoginError as refused:
            return refused.status, refused.body()
        return 404, {
            "error": "invalid_request",
            "error_description": f"AADSTS900144: no endpoint {method} {path}",
        }

    def _token(self, tenant: str, form: Mapping[str, str]) -> dict[str, Any]:
        for parameter in ("grant_type", "client_id", "scope"):
            if not form.get(parameter):
                raise refusals.missing(parameter)
        if form["grant_type"] != "client_credentials":
            raise refusals.wrong_grant(form["grant_type"])
        client = form["client_id"]
        if client.lower() != ids.CLIENT:
            raise refusals.unknown_client(client, tenant)
        if not hmac.compare_digest(form.get("client_secret", "").encode(), self.secret.encode()):
            raise refusals.wrong_secret(client)
        token = self.tokens.issue(self._resource(form["scope"], tenant), self.claims())
        return {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": token,
        }

    def _resource(self, scope: str, tenant: str) -> str:
        """Return what a token is for: `<resource>/.default` asks for it."""
        resource = scope.removesuffix("/.default")
        if resource == scope or " " in scope:
            raise refusals.wrong_scope(scope)
        applications = self._cloud.view().of_type("azuread:index/application:Application")
        known = {SERVER_APPLICATION, *MANAGEMENT, *(str(a.properties["clientId"]) for a in applications)}
        if resource not in known:
            raise refusals.unknown_resource(resource, tenant)
        return resource

    def claims(self) -> dict[str, Any]:
        """Return what a token says of who is logged in: the principal, and the groups that it is in by now."""
        who = {
            "appid": ids.CLIENT,
            "oid": ids.PRINCIPAL,
            "sub": ids.PRINCIPAL,
            "idtyp": "app",
            "appidacr": "1",
        }
        state = self._cloud.view()
        # Who brings a cluster up here administers it, as the identity of a pipeline does.
        groups = sorted({*groups_of(state, ids.PRINCIPAL), *all_admin_groups(state, CLUSTER_TYPE)})
        return {**who, **({"groups": groups} if groups else {}), "uti": uuid.uuid4().hex[:22]}


def groups_of(state: State, object_id: str) -> list[str]:
    """Return the object ids of the groups that an object is in, by itself or through another group."""
    groups = {str(g.properties["objectId"]): g for g in state.of_type("azuread:index/group:Group")}
    found: list[str] = []
    reached = [object_id]
    while reached:
        member = reached.pop()
        within = [i for i, g in groups.items() if member in rows(g.properties, "members") and i not in found]
        found += within
        reached += within
    return sorted(found)


def _tenant(said: str) -> str:
    if said.lower() != ids.TENANT:
        raise refusals.unknown_tenant(said)
    return ids.TENANT


def _instances(host: str) -> dict[str, Any]:
    metadata = {"preferred_network": host, "preferred_cache": "login.windows.net", "aliases": list(HOSTS)}
    endpoint = f"https://{host}/{ids.TENANT}/v2.0/.well-known/openid-configuration"
    return {"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": [metadata]}


def _configuration(tenant: str, version: str) -> dict[str, Any]:
    base = f"https://{HOST}/{tenant}"
    return {
        "issuer": f"{base}/v2.0" if version else ISSUER,
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }
