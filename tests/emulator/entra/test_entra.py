"""The directory: groups, members, users, applications."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.cloud.cloud import Cloud
from emulator.errors import ProviderError
from emulator.plugins.azuread import EntraProvider
from emulator.properties.values import UNKNOWN

GROUP = "group:Group"
MEMBER = "groupMember:GroupMember"
USER = "user:User"


def urn(type_: str, name: str = "x") -> str:
    return f"urn:pulumi:dev::secure-aks::secure-aks:index:TeamAccess$azuread:index/{type_}::{name}"


@pytest.fixture
def entra() -> EntraProvider:
    return EntraProvider(Cloud())


def create(entra: EntraProvider, type_: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
    checked, failures = entra.check(urn(type_), None, inputs)
    assert failures == []
    return entra.create(urn(type_), checked, preview=False)


def group(entra: EntraProvider, name: str = "devs", **more: Any) -> tuple[str, dict[str, Any]]:
    return create(entra, GROUP, **({"displayName": name, "securityEnabled": True} | more))


def user(entra: EntraProvider, name: str = "ann") -> tuple[str, dict[str, Any]]:
    return create(entra, USER, displayName=name, userPrincipalName=f"{name}@example.org", password="secret")


def look_up(entra: EntraProvider, name: str, **args: Any) -> dict[str, Any]:
    return entra.invoke(f"azuread:index/{name}:{name}", args)


def test_object_ids_are_guids_and_the_same_in_every_empty_directory(entra: EntraProvider) -> None:
    id_, outputs = group(entra)
    assert id_ == f"/groups/{outputs['objectId']}"
    assert len(outputs["objectId"]) == 36
    assert group(EntraProvider(Cloud()))[1]["objectId"] == outputs["objectId"]
    assert group(entra)[1]["objectId"] != outputs["objectId"]


def test_a_second_group_of_the_same_name(entra: EntraProvider) -> None:
    first = group(entra, preventDuplicateNames=True)[1]
    with pytest.raises(ProviderError, match=f"'devs' exists already .object ID {first['objectId']}."):
        group(entra, preventDuplicateNames=True)
    group(entra, "ops", preventDuplicateNames=True)


def test_what_is_required(entra: EntraProvider) -> None:
    _, failures = entra.check(urn(GROUP), None, {"securityEnabled": True})
    assert [f.property for f in failures] == ["displayName"]
    _, failures = entra.check(urn(GROUP), None, {"displayName": "x"})
    assert "one of mailEnabled, securityEnabled must be true" in failures[0].reason
    _, failures = entra.check(urn(MEMBER), None, {})
    assert [f.property for f in failures] == ["groupObjectId", "memberObjectId"]
    _, failures = entra.check(urn("invitation:Invitation"), None, {})
    assert "does not stand in for azuread:index/invitation:Invitation" in failures[0].reason


def test_a_preview_touches_nothing(entra: EntraProvider) -> None:
    id_, outputs = entra.create(urn(GROUP), {"displayName": "x", "securityEnabled": True}, preview=True)
    assert id_ == ""
    assert outputs["objectId"] is UNKNOWN
    with pytest.raises(ProviderError, match="not found"):
        look_up(entra, "getGroup", displayName="x")


def test_a_name_that_several_have_is_told_with_what_tells_them_apart(entra: EntraProvider) -> None:
    for _ in range(2):
        group(entra)
    with pytest.raises(ProviderError) as raised:
        look_up(entra, "getGroup", displayName="devs")
    assert (
        str(raised.value)
        == "getGroup: displayName 'devs': there are 2 of them; look for the objectId instead"
    )


@pytest.mark.parametrize(
    ("function", "keys"),
    [
        ("getGroup", "getGroup: one of objectId, displayName, mailNickname"),
    ],
)
def test_a_question_without_a_key_names_the_keys(entra: EntraProvider, function: str, keys: str) -> None:
    with pytest.raises(ProviderError, match=f"^{keys} must be specified$"):
        look_up(entra, function)


def test_members_are_a_set(entra: EntraProvider) -> None:
    old, new = ({"displayName": "x", "members": m} for m in (["a", "b"], ["b", "a"]))
    assert entra.diff(urn(GROUP), old, new).changes is False
    assert entra.diff(urn(GROUP), old, new | {"members": ["a", "c"]}).changes is True
    with pytest.raises(ProviderError, match="a stands there twice"):
        group(entra, members=["a", "a"])


def test_renaming_keeps_the_object(entra: EntraProvider) -> None:
    id_, outputs = group(entra)
    inputs = {"displayName": "devs", "securityEnabled": True}
    news = inputs | {"displayName": "developers"}
    assert entra.diff(urn(GROUP), inputs, news).replaces == []
    assert entra.update(urn(GROUP), id_, outputs, news, preview=True)["objectId"] == outputs["objectId"]
    after = entra.update(urn(GROUP), id_, outputs, news, preview=False)
    assert after["objectId"] == outputs["objectId"]
    assert look_up(entra, "getGroup", objectId=outputs["objectId"])["displayName"] == "developers"
    with pytest.raises(ProviderError, match="not found"):
        entra.update(urn(GROUP), "/groups/nobody", outputs, news, preview=False)


def test_membership(entra: EntraProvider) -> None:
    g, u = group(entra)[1]["objectId"], user(entra)[1]["objectId"]
    id_, outputs = create(entra, MEMBER, groupObjectId=g, memberObjectId=u)
    assert id_ == f"{g}/member/{u}"
    assert look_up(entra, "getGroup", displayName="devs")["members"] == [u]
    with pytest.raises(ProviderError, match="is a member of devs already"):
        create(entra, MEMBER, groupObjectId=g, memberObjectId=u)
    with pytest.raises(ProviderError, match="nobody' was not found"):
        create(entra, MEMBER, groupObjectId="nobody", memberObjectId=u)
    assert entra.read(urn(MEMBER), id_, outputs) == (id_, outputs, outputs)
    entra.delete(urn(MEMBER), id_, outputs)
    entra.delete(urn(MEMBER), id_, outputs)
    assert entra.read(urn(MEMBER), id_, outputs) is None
    assert look_up(entra, "getGroup", displayName="devs")["members"] == []


def test_a_deleted_user_is_in_no_group(entra: EntraProvider) -> None:
    id_, outputs = user(entra)
    group(entra, members=[outputs["objectId"]])
    entra.delete(urn(USER), id_, outputs)
    assert look_up(entra, "getGroup", displayName="devs")["members"] == []


def test_reading(entra: EntraProvider) -> None:
    id_, outputs = user(entra)
    assert "password" not in outputs
    said = {"displayName": "ann", "userPrincipalName": "ann@example.org", "password": "secret"}
    read = entra.read(urn(USER), id_, said)
    assert read is not None
    assert read[1] == said
    imported = entra.read(urn(USER), id_, None)
    assert imported is not None
    assert "objectId" not in imported[1]
    with pytest.raises(ProviderError, match="exists already"):
        user(entra)


def test_applications_and_their_principals(entra: EntraProvider) -> None:
    application = create(entra, "application:Application", displayName="ci")[1]
    principal = create(entra, "servicePrincipal:ServicePrincipal", clientId=application["clientId"])[1]
    assert len({application["objectId"], application["clientId"], principal["objectId"]}) == 3
    with pytest.raises(ProviderError, match="No application with client ID 'nobody'"):
        create(entra, "servicePrincipal:ServicePrincipal", clientId="nobody")
    assert (
        look_up(entra, "getServicePrincipal", clientId=application["clientId"])["objectId"]
        == principal["objectId"]
    )


def test_look_ups(entra: EntraProvider) -> None:
    a = group(entra, "team-a")[1]["objectId"]
    group(entra, "other")
    u = user(entra)[1]["objectId"]
    assert look_up(entra, "getGroup", displayName="TEAM-A")["objectId"] == a
    assert look_up(entra, "getUser", objectId=u)["displayName"] == "ann"
    with pytest.raises(ProviderError, match="one of objectId, displayName"):
        look_up(entra, "getGroup")
    with pytest.raises(ProviderError, match="does not know the function"):
        look_up(entra, "getDomains")
    group(entra, "team-a")
    with pytest.raises(ProviderError, match="there are 2 of them"):
        look_up(entra, "getGroup", displayName="team-a")


def test_who_is_signed_in(entra: EntraProvider) -> None:
    entra.configure({"tenantId": "t", "clientId": "c"})
    who = look_up(entra, "getClientConfig")
    assert (who["tenantId"], who["clientId"]) == ("t", "c")
