"""login.microsoftonline.com: discovery, keys and tokens, as MSAL and an API server ask for them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from emulator.entra.tokens import TokenError

if TYPE_CHECKING:
    from emulator.entra.tokens import Tokens

Reply = tuple[int, dict[str, Any]]
HOST = "login.microsoftonline.com"


def answer(tokens: Tokens, method: str, base: str, path: str, body: bytes, authorization: str) -> Reply:
    """Answer one call; `base` is the address that the caller reaches the endpoint at."""
    parts = [part for part in path.split("/") if part]
    if path.endswith("/.well-known/openid-configuration"):
        return _discovery(tokens, base, parts[0])
    if path == "/common/discovery/instance":
        hosts = [HOST, "login.windows.net", "sts.windows.net"]
        where = {"preferred_network": HOST, "preferred_cache": "login.windows.net", "aliases": hosts}
        found = f"{tokens.authority}/v2.0/.well-known/openid-configuration"
        return 200, {"tenant_discovery_endpoint": found, "api-version": "1.1", "metadata": [where]}
    if path.endswith("/discovery/v2.0/keys"):
        return 200, tokens.keys()
    if path.endswith("/oauth2/v2.0/token") and method == "POST":
        return _token(tokens, parts[0], dict(parse_qsl(body.decode())), authorization)
    return 404, {"error": "invalid_request", "error_description": f"There is nothing at {path}."}


def _discovery(tokens: Tokens, base: str, tenant: str) -> Reply:
    if tenant != tokens.tenant:
        return _unknown_tenant(tenant)
    at = f"{base}/{tenant}"
    return 200, {
        "issuer": tokens.issuer,
        "authorization_endpoint": f"{at}/oauth2/v2.0/authorize",
        "token_endpoint": f"{at}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{at}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{at}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token", "token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }


def _token(tokens: Tokens, tenant: str, form: dict[str, str], authorization: str) -> Reply:
    if tenant != tokens.tenant:
        return _unknown_tenant(tenant)
    if form.get("grant_type") != "client_credentials":
        why = f"AADSTS70003: The app requested an unsupported grant type '{form.get('grant_type')}'."
        return 400, {"error": "unsupported_grant_type", "error_description": why}
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    if authorization.lower().startswith("basic "):
        client, _, secret = map(unquote, base64.b64decode(authorization[6:]).decode().partition(":"))
    audience = form.get("scope", "").removesuffix("/.default")
    try:
        return 200, tokens.issue(client, secret, audience)
    except TokenError as error:
        return 401, {"error": error.code, "error_description": str(error), "error_codes": []}


def _unknown_tenant(tenant: str) -> Reply:
    why = f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
    return 400, {"error": "invalid_tenant", "error_description": why}
