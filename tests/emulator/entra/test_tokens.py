"""The token endpoint, its discovery, and its refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from emulator.azure.ids import CLIENT, PRINCIPAL, TENANT, guid
from emulator.cloud.faults import Fault
from emulator.entra.directory import add_password
from tests.emulator.arm.wire import AKS_SERVER, ARM, LOGIN, Wire, run_sdk

OTHER = "00000000-1111-2222-3333-444444444444"


def claims(azure: Wire, scope: str = f"{ARM}/.default") -> dict[str, Any]:
    """Verify a token as a relying party does, by discovery alone."""
    token = azure.token(scope)
    configuration = azure.session.get(f"{LOGIN}/{TENANT}/.well-known/openid-configuration", timeout=10).json()
    keys = azure.session.get(configuration["jwks_uri"], timeout=10).json()
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK(k) for k in keys["keys"] if k["kid"] == kid)
    audience = scope.removesuffix("/.default")
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=configuration["issuer"])


@pytest.mark.parametrize("resource", [ARM, "https://graph.microsoft.com", AKS_SERVER])
def test_a_token_says_who_for_what_and_until_when(azure: Wire, resource: str) -> None:
    found = claims(azure, f"{resource}/.default")
    assert (found["tid"], found["oid"], found["appid"], found["azp"]) == (TENANT, PRINCIPAL, CLIENT, CLIENT)
    assert found["exp"] - found["iat"] == 3600


def test_groups_are_those_of_the_directory_nested_ones_too(azure: Wire) -> None:
    inner, outer, other = guid("inner"), guid("outer"), guid("other")
    member = azure.as_("a member", groups=[inner.upper()])
    azure.as_("another", groups=[other])
    with azure.cloud.change() as state:
        group = state.put(
            f"/directory/{outer}",
            "azuread:index/group:Group",
            "outer",
            {"objectId": outer, "members": [inner]},
        )
        assert group.name == "outer"
    assert claims(member, f"{AKS_SERVER}/.default")["groups"] == sorted([inner, outer])


def test_version_2_of_the_configuration_is_what_msal_reads(azure: Wire) -> None:
    found = azure.session.get(f"{LOGIN}/{TENANT}/v2.0/.well-known/openid-configuration", timeout=10).json()
    assert found["issuer"] == f"{LOGIN}/{TENANT}/v2.0"
    assert found["token_endpoint"] == f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
    instance = azure.session.get(
        f"{LOGIN}/common/discovery/instance",
        params={"api-version": "1.1", "authorization_endpoint": f"{LOGIN}/common/oauth2/authorize"},
        timeout=10,
    ).json()
    assert "login.microsoftonline.com" in instance["metadata"][0]["aliases"]


@pytest.mark.parametrize(
    ("form", "status", "number", "error"),
    [
        ({"client_secret": "wrong"}, 401, 7000215, "invalid_client"),
        ({"client_secret": None}, 401, 7000218, "invalid_client"),
        ({"client_id": OTHER}, 400, 700016, "unauthorized_client"),
        ({"client_id": None}, 400, 900144, "invalid_request"),
        ({"grant_type": None}, 400, 900144, "invalid_request"),
        ({"grant_type": "password"}, 400, 70003, "unsupported_grant_type"),
        ({"scope": ARM}, 400, 1002012, "invalid_scope"),
        ({"scope": None}, 400, 900144, "invalid_request"),
        ({"scope": "https://vault.azure.net/.default"}, 400, 500011, "invalid_resource"),
    ],
)
def test_a_login_is_refused_by_its_number(
    azure: Wire, form: dict[str, Any], status: int, number: int, error: str
) -> None:
    answer = azure.login(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_codes"] == [number]
    assert answer.json()["error_description"].startswith(f"AADSTS{number}: ")


def test_another_tenant_is_not_found(azure: Wire) -> None:
    assert azure.login(tenant=OTHER).json()["error_codes"] == [90002]


def test_only_post_gets_a_token(azure: Wire) -> None:
    answer = azure.session.get(f"{LOGIN}/{TENANT}/oauth2/v2.0/token", timeout=10)
    assert answer.json()["error_codes"] == [900561]
    assert azure.session.get(f"{LOGIN}/{TENANT}/nothing", timeout=10).status_code == 404


def test_a_secret_that_is_over_is_told_from_a_wrong_one(azure: Wire) -> None:
    one = azure.as_("an application")
    client = one.environment["AZURE_CLIENT_ID"]
    with azure.cloud.change() as state:
        over = add_password(state, client, datetime.now(UTC) - timedelta(seconds=1))
    assert one.login(client_secret=over).json()["error_codes"] == [7000222]
    assert one.login().status_code == 200
    assert over not in (azure.server.folder / "cloud.json").read_text(encoding="utf-8")


def test_an_application_that_is_switched_off_stays_out(azure: Wire) -> None:
    one = azure.as_("an application")
    client = one.environment["AZURE_CLIENT_ID"]
    with azure.cloud.change() as state:
        for resource in state.of_type("azuread:index/servicePrincipal:ServicePrincipal"):
            resource.properties["accountEnabled"] = resource.properties["clientId"] != client
    assert one.login().json()["error_codes"] == [7000112]


def test_a_refused_token_can_be_ordered(azure: Wire) -> None:
    azure.cloud.inject(Fault("refusedToken", on="token"))
    assert azure.login().json()["error_codes"] == [53003]
    assert azure.login().status_code == 200
    azure.cloud.inject(Fault("unavailable", on="token", times=1))
    busy = azure.login()
    assert (busy.status_code, "Retry-After" in busy.headers) == (503, True)


def test_a_fault_on_every_call_is_none_on_logins(azure: Wire) -> None:
    azure.cloud.inject(Fault("throttled", times=3))
    assert azure.login().status_code == 200


def test_version_1_of_the_endpoint_takes_a_resource(azure: Wire) -> None:
    answer = azure.login(path="oauth2/token", scope=None, resource=f"{ARM}/")
    found = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert found["aud"] == f"{ARM}/"


def test_azure_identity_signs_in_unchanged(azure: Wire) -> None:
    member = azure.as_("a member", groups=[guid("team")])
    found = run_sdk(
        member,
        f"""
        from azure.identity import ClientSecretCredential
        import jwt
        own = ClientSecretCredential(*(os.environ[f"AZURE_{{n}}"] for n in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")))
        token = own.get_token("{AKS_SERVER}/.default").token
        show(jwt.decode(token, options={{"verify_signature": False}}))
        """,
    )
    assert found["appid"] == member.environment["AZURE_CLIENT_ID"]
    assert found["groups"] == [guid("team")]
