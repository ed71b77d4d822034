"""Who runs `up` needs each role that docs/first-cluster.md names, and the page says what to do where one is missing.

That these roles are enough is shown by the stacks' own lives: every `up` there is signed in as somebody who has no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.arm.server import ArmServer
from emulator.azure import ids
from emulator.errors import ProviderError
from emulator.plugins.azuread import EntraProvider
from tests.emulator.arm.wire import (
    AKS,
    CLUSTER,
    GROUP,
    NETWORK,
    POOL,
    RESOURCES,
    SUB,
    TODAY,
    Wire,
    cluster_body,
    pool_body,
)
from tests.first_cluster import ENTRA, Right, advice, permissions, rights

if TYPE_CHECKING:
    from collections.abc import Generator

SHARED = f"{SUB}/resourceGroups/shared"
REGISTRY = f"{SHARED}/providers/Microsoft.ContainerRegistry/registries/contoso"
HUB = f"{SHARED}/providers/Microsoft.Network/virtualNetworks/hub"
SPOKE = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/spoke"
OWN = f"{SHARED}/providers/Microsoft.Network/virtualNetworks/own"
SUBNET = f"{OWN}/subnets/nodes"
IDENTITY = f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own"
TEAMS = f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch"
WORKSPACE = f"{SHARED}/providers/Microsoft.OperationalInsights/workspaces/own"
ACR_PULL = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"


def assignment(scope: str) -> tuple[str, str, Any]:
    """A role for somebody, at a scope."""
    id_ = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{ids.guid(scope)}"
    said = {
        "roleDefinitionId": ACR_PULL,
        "principalId": ids.guid("nodes"),
        "principalType": "ServicePrincipal",
    }
    return id_, "2022-04-01", {"properties": said}


ASKED: dict[str, tuple[tuple[str, ...], str, str, Any]] = {
    "the subscription": ((GROUP,), CLUSTER, AKS, cluster_body()),
    "the subscription, assigning": ((GROUP,), *assignment(CLUSTER)),
    "the same, where `cluster.lock`": (
        (GROUP,),
        f"{CLUSTER}/providers/Microsoft.Authorization/locks/secure-aks",
        "2020-05-01",
        {"properties": {"level": "CanNotDelete"}},
    ),
    "each private DNS zone, registry": ((REGISTRY,), *assignment(REGISTRY)),
    "a network of your own": ((OWN,), POOL, AKS, pool_body(vnetSubnetID=SUBNET)),
    "a workspace of your own": (
        (WORKSPACE,),
        f"{CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/audit",
        "2021-05-01-preview",
        {
            "properties": {
                "workspaceId": WORKSPACE,
                "logs": [{"category": "kube-audit-admin", "enabled": True}],
            }
        },
    ),
    "networks in": (
        (HUB,),
        f"{HUB}/virtualNetworkPeerings/to-spoke",
        NETWORK,
        {"properties": {"remoteVirtualNetwork": {"id": SPOKE}}},
    ),
    "an identity of your own": (
        (IDENTITY,),
        CLUSTER,
        AKS,
        {**cluster_body(), "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}},
    ),
    "an identity of a team": (
        (TEAMS,),
        f"{TEAMS}/federatedIdentityCredentials/payments-api",
        "2023-01-31",
        {
            "properties": {
                "issuer": "https://oidc.example/",
                "subject": "system:serviceaccount:payments:api",
                "audiences": ["api://AzureADTokenExchange"],
            }
        },
    ),
}
"""By how the page begins its *Where*: the scopes of the role, and what `up` asks Azure for that takes it."""
IN_AZURE = [right for right in rights() if right.where != ENTRA]


@pytest.fixture
def azure(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Generator[Wire]:
    """A cluster in a group of its own, and beside it what is shared."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    with ArmServer(tmp_path / "lab") as server:
        wire = Wire(server).cluster().pool()
        here = {"location": "westeurope"}
        wire.put(SHARED, here, RESOURCES)
        wire.put(REGISTRY, {**here, "sku": {"name": "Basic"}}, "2023-07-01")
        wire.put(WORKSPACE, here, "2023-09-01")
        wire.put(IDENTITY, here, "2023-01-31")
        wire.put(TEAMS, here, "2023-01-31")
        for network, space in ((HUB, "10.3.0.0/16"), (SPOKE, "10.2.0.0/16"), (OWN, "10.1.0.0/16")):
            wire.put(network, {**here, "properties": {"addressSpace": {"addressPrefixes": [space]}}}, NETWORK)
        wire.put(SUBNET, {"properties": {"addressPrefix": "10.1.0.0/20"}}, NETWORK)
        yield wire
        wire.close()
        assert server.faults == []


def asked(right: Right) -> tuple[tuple[str, ...], str, str, Any]:
    """What takes a documented role."""
    begins = next(begin for begin in ASKED if right.where.startswith(begin))
    return ASKED[
        f"{begins}, assigning" if begins == "the subscription" and right.role != "Contributor" else begins
    ]


def signed_in(azure: Wire, held: list[Right]) -> Wire:
    """Somebody with these roles, each where the page says."""
    who = azure.as_("up")
    for right in held:
        for scope in asked(right)[0]:
            who = azure.as_("up", roles=[right.role], scope=scope)
    return who


@pytest.mark.parametrize("taken", IN_AZURE, ids=lambda right: f"{right.role} on {right.where[:24]}")
def test_each_role_in_azure_is_needed_and_its_lack_is_explained(azure: Wire, taken: Right) -> None:
    _, path, version, body = asked(taken)
    without = signed_in(azure, [right for right in IN_AZURE if right != taken])
    answer = without.ask("PUT", path, version, body)
    assert answer.status_code == 403, answer.text
    told = answer.json()["error"]
    assert taken.role in advice(f"{told['code']}: {told['message']}")

    allowed = signed_in(azure, IN_AZURE).ask("PUT", path, version, body)
    assert allowed.status_code != 403, allowed.text


def test_the_right_to_make_groups_is_needed_and_its_lack_is_explained(azure: Wire) -> None:
    urn = "urn:pulumi:dev::secure-aks::azuread:index/group:Group::deployers"
    provider, group = EntraProvider(azure.cloud), {"displayName": "deployers", "securityEnabled": True}
    provider.configure({"clientId": azure.server.principal("up")["AZURE_CLIENT_ID"]})
    with pytest.raises(ProviderError) as refusal:
        provider.create(urn, group, preview=False)
    assert "Groups Administrator" in advice(str(refusal.value))
    login = azure.server.principal("pipeline", permissions=permissions())
    provider.configure({"clientId": login["AZURE_CLIENT_ID"]})
    provider.create(urn, group, preview=False)
