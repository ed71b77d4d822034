"""login.microsoftonline.com: discovery, keys, and tokens for applications with a secret.

Sources: Microsoft Learn, "Microsoft identity platform and the OAuth 2.0 client credentials flow" and "OpenID Connect on the
Microsoft identity platform".
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from emulator.azure.aks.admins import all_admin_groups
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.entra import directory, refusals, tokens
from emulator.https.messages import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud.cloud import Cloud
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
        except refusals.RefusedError as refused:
            return refused.reply()

    def _answer(self, request: Request, tenant: str, rest: str) -> Reply:
        if tenant.lower() not in {self.tenant, "common", "organizations"}:
            raise refusals.tenant_not_found(tenant)
        if rest in (f"{_V2}.well-known/openid-configuration", ".well-known/openid-configuration"):
            return Reply(200, self._configuration(request.origin, v2=rest.startswith(_V2)))
        if rest in ("discovery/v2.0/keys", "discovery/keys"):
            return Reply(200, self.key.jwks())
        if rest in ("oauth2/v2.0/token", "oauth2/token"):
            if request.method != "POST":
                raise refusals.only_post()
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
            raise refusals.parameter_missing("grant_type")
        if grant != "client_credentials":
            raise refusals.grant_not_supported(grant)
        if not client:
            raise refusals.parameter_missing("client_id")
        busy = self._fault(client)
        if busy is not None:
            return busy
        principal = self._sign_in(client, said.get("client_secret"))
        audience = self._audience(said, v2=v2)
        groups = self.groups_of(principal)
        token = tokens.issue(self.key, self.tenant, principal, audience, groups)
        life = tokens.LIFETIME - 1
        body = {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}
        return Reply(200, body, {"Cache-Control": "no-store", "Pragma": "no-cache"})

    def groups_of(self, principal: Principal) -> frozenset[str]:
        """Return the groups that a token says: those of the directory; for the subscription's owner the clusters' admins too.

        Who brings clusters up in the lab administers them, as the identity of a pipeline does.
        """
        state = self.cloud.view()
        found = directory.groups_of(state, principal.object_id)
        return found | all_admin_groups(state) if principal == directory.OWNER else found

    def _fault(self, client: str) -> Reply | None:
        """Return what an ordered fault makes the endpoint answer. Raises RefusedError for an ordered refusal."""
        fault = self.cloud.take_fault("token", f"/{self.tenant}/{client}")
        if fault is None:
            return None
        if fault.kind not in _BUSY:
            raise refusals.refused_by_policy()
        status, error = _BUSY[fault.kind]
        again = {"Retry-After": str(self.cloud.view().settings.retry_after_seconds)}
        told = refusals.RefusedError(
            status, error, 90033, "A transient error has occurred. Please try again."
        )
        return Reply(status, told.reply().body, again)

    def _sign_in(self, client: str, secret: str | None) -> Principal:
        """Return who has this client id and this secret. Raises RefusedError."""
        state = self.cloud.view()
        if client.lower() == directory.OWNER.client:
            if not secret:
                raise refusals.secret_missing()
            if not hmac.compare_digest(secret.encode(), self.secret.encode()):
                raise refusals.secret_wrong(client)
            return directory.OWNER
        found = directory.application(state, client)
        if found is None:
            raise refusals.client_not_found(client, self.tenant)
        if not secret:
            raise refusals.secret_missing()
        app, principal = found
        known = [p for p in directory.passwords(state, client) if directory.matches(p, secret)]
        if not known:
            raise refusals.secret_wrong(client)
        if all(directory.is_over(p, datetime.now(UTC)) for p in known):
            raise refusals.secret_over(client)
        if principal.properties.get("accountEnabled") is False:
            raise refusals.client_disabled(client, app.name)
        return directory.Principal(client, str(principal.properties["objectId"]))

    def _audience(self, said: Mapping[str, str], *, v2: bool) -> str:
        """Return what the token is for: a scope of version 2 less its `/.default`, or a resource of version 1."""
        name = "scope" if v2 else "resource"
        text = said.get(name)
        if not text:
            raise refusals.parameter_missing(name)
        if v2 and not text.endswith("/.default"):
            raise refusals.scope_wrong(text)
        resource = text.removesuffix("/.default")
        if resource not in _RESOURCES:
            raise refusals.resource_not_found(resource, self.tenant)
        return resource.removeprefix("api://")


def _instance(request: Request) -> Reply:
    """Answer MSAL's question which hosts are one and the same Entra."""
    asked = request.query.get("authorization_endpoint", "")
    if asked and not any(asked.lower().startswith(f"https://{host}/") for host in HOSTS):
        return refusals.RefusedError(400, "invalid_instance", 50049, "Unknown or invalid instance.").reply()
    hosts = {"preferred_network": HOSTS[0], "preferred_cache": "login.windows.net", "aliases": list(HOSTS)}
    body = {
        "tenant_discovery_endpoint": f"https://{HOSTS[0]}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [hosts],
    }
    return Reply(200, body)
