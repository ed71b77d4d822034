"""Who runs `up` needs each role that docs/first-cluster.md names, and the page says what to do where one is missing.

That these roles are enough is shown by the stacks' own lives, on the engine and in tests/asked: every `up` there is signed in as
somebody who has no other. Which settings take which is held there too.
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
from tests.emulator.principals import sign_up
from tests.first_cluster import ENTRA, advice, permissions, rights

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

SHARED = f"{SUB}/resourceGroups/shared"
REGISTRY = f"{SHARED}/providers/Microsoft.ContainerRegistry/registries/contoso"
HUB = f"{SHARED}/providers/Microsoft.Network/virtualNetworks/hub"
SPOKE = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/spoke"
OWN = f"{SHARED}/providers/Microsoft.Network/virtualNetworks/own"
SUBNET = f"{OWN}/subnets/nodes"
IDENTITY = f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own"
TEAMS = f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch"
WORKSPACE = f"{SHARED}/providers/Microsoft.OperationalInsights/workspaces/own-logs"
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


def own_cluster(**properties: Any) -> tuple[str, str, Any]:
    """The cluster, with something of others in it."""
    return CLUSTER, AKS, cluster_body(**properties)


def balancer(key: str, ids_key: str, one: str) -> dict[str, Any]:
    """What leaves the cluster has an address of others."""
    return {"networkProfile": {"loadBalancerProfile": {key: {ids_key: [{"id": one}]}}}}


def logs(**destination: str) -> tuple[str, str, Any]:
    """The cluster's logs, to somebody else's."""
    id_ = f"{CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/audit"
    said = {"logs": [{"category": "kube-audit-admin", "enabled": True}]}
    return id_, "2021-05-01-preview", {"properties": said | destination}


def of(namespace: str, *parts: str) -> str:
    """The id of something that others have."""
    return f"{SHARED}/providers/{namespace}/{'/'.join(parts)}"


ADDRESS, PREFIX = (
    of("Microsoft.Network", "publicIPAddresses", "out"),
    of("Microsoft.Network", "publicIPPrefixes", "out"),
)
DISKS = of("Microsoft.Compute", "diskEncryptionSets", "disks")
CLOSE = of("Microsoft.Compute", "proximityPlacementGroups", "close")
ACCOUNT = of("Microsoft.Storage", "storageAccounts", "kept")
RULE = of("Microsoft.EventHub", "namespaces", "siem", "authorizationRules", "send")
DUTY = of("Microsoft.Insights", "actionGroups", "duty")
FLEET = of("Microsoft.ContainerService", "fleets", "shop")
VAULTS = f"{SUB}/resourceGroups/vaults"
FEDERATED = {
    "issuer": "https://oidc.example/",
    "subject": "system:serviceaccount:payments:api",
    "audiences": ["api://AzureADTokenExchange"],
}
RBAC = "Role Based Access Control Administrator"
ASKED: dict[str, tuple[str, str, tuple[str, str, Any]]] = {
    "everything": ("Contributor", GROUP, own_cluster()),
    "a role": (RBAC, GROUP, assignment(CLUSTER)),
    "a lock": (
        "Locks Contributor",
        GROUP,
        (
            f"{CLUSTER}/providers/Microsoft.Authorization/locks/secure-aks",
            "2020-05-01",
            {"properties": {"level": "CanNotDelete"}},
        ),
    ),
    "a role at a registry": (RBAC, REGISTRY, assignment(REGISTRY)),
    "a disk encryption set": (RBAC, DISKS, own_cluster(diskEncryptionSetID=DISKS)),
    "a subnet": ("Network Contributor", OWN, (POOL, AKS, pool_body(vnetSubnetID=SUBNET))),
    "an address": (
        "Network Contributor",
        ADDRESS,
        own_cluster(**balancer("outboundIPs", "publicIPs", ADDRESS)),
    ),
    "a prefix": (
        "Network Contributor",
        PREFIX,
        own_cluster(**balancer("outboundIPPrefixes", "publicIPPrefixes", PREFIX)),
    ),
    "a peering": (
        "Network Contributor",
        HUB,
        (
            f"{HUB}/virtualNetworkPeerings/to-spoke",
            NETWORK,
            {"properties": {"remoteVirtualNetwork": {"id": SPOKE}}},
        ),
    ),
    "logs in a workspace": ("Log Analytics Contributor", WORKSPACE, logs(workspaceId=WORKSPACE)),
    "Defender in a workspace": (
        "Log Analytics Contributor",
        WORKSPACE,
        own_cluster(securityProfile={"defender": {"logAnalyticsWorkspaceResourceId": WORKSPACE}}),
    ),
    "logs in an account": ("Storage Account Contributor", ACCOUNT, logs(storageAccountId=ACCOUNT)),
    "logs in a hub": ("Azure Event Hubs Data Owner", RULE, logs(eventHubAuthorizationRuleId=RULE)),
    "an identity": (
        "Managed Identity Operator",
        IDENTITY,
        (
            CLUSTER,
            AKS,
            {
                **cluster_body(),
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
            },
        ),
    ),
    "an identity of a team": (
        "Managed Identity Contributor",
        TEAMS,
        (f"{TEAMS}/federatedIdentityCredentials/payments-api", "2023-01-31", {"properties": FEDERATED}),
    ),
    "a fleet": (
        "Azure Kubernetes Fleet Manager Contributor Role",
        FLEET,
        (f"{FLEET}/members/aks", "2025-03-01", {"properties": {"clusterResourceId": CLUSTER}}),
    ),
    "a vault": (
        "Contributor",
        VAULTS,
        (
            f"{VAULTS}/providers/Microsoft.DataProtection/backupVaults/backups",
            "2025-01-01",
            {"location": "westeurope", "properties": {}},
        ),
    ),
    "an action group": (
        "Monitoring Reader",
        DUTY,
        (
            f"{GROUP}/providers/Microsoft.Insights/activityLogAlerts/health",
            "2020-10-01",
            {"location": "Global", "properties": {"actions": {"actionGroups": [{"actionGroupId": DUTY}]}}},
        ),
    ),
    "a group of machines": ("Contributor", CLOSE, (POOL, AKS, pool_body(proximityPlacementGroupID=CLOSE))),
}
"""What `up` asks Azure for: the role that it takes, and where."""


@pytest.fixture
def azure(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Generator[Wire]:
    """A cluster in a group of its own, and beside it what is shared."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    with ArmServer(tmp_path / "lab") as server:
        wire = Wire(server).cluster().pool()
        here = {"location": "westeurope"}
        wire.put(SHARED, here, RESOURCES)
        wire.put(VAULTS, here, RESOURCES)
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


def signed_in(azure: Wire, names: Iterable[str]) -> Wire:
    """Somebody with the roles that these take."""
    who = azure.as_("up")
    for role, scope, _ in {ASKED[name][:2]: ASKED[name] for name in names}.values():
        who = azure.as_("up", roles=[role], scope=scope)
    return who


@pytest.mark.parametrize("name", ASKED)
def test_each_role_in_azure_is_needed_and_its_lack_is_explained(azure: Wire, name: str) -> None:
    role, scope, (path, version, body) = ASKED[name]
    without = signed_in(azure, [one for one, asked in ASKED.items() if asked[:2] != (role, scope)])
    answer = without.ask("PUT", path, version, body)
    assert answer.status_code == 403, answer.text
    told = answer.json()["error"]
    assert role in advice(f"{told['code']}: {told['message']}")

    allowed = signed_in(azure, ASKED).ask("PUT", path, version, body)
    assert allowed.status_code != 403, allowed.text


def test_every_role_of_the_page_is_asked_for() -> None:
    assert {right.role for right in rights() if right.where != ENTRA} == {role for role, *_ in ASKED.values()}


def test_the_right_to_make_groups_is_needed_and_its_lack_is_explained(azure: Wire) -> None:
    urn = "urn:pulumi:dev::secure-aks::azuread:index/group:Group::deployers"
    provider, group = EntraProvider(azure.cloud), {"displayName": "deployers", "securityEnabled": True}
    provider.configure({"clientId": sign_up(azure.server.cloud, "up")["AZURE_CLIENT_ID"]})
    with pytest.raises(ProviderError) as refusal:
        provider.create(urn, group, preview=False)
    assert "Groups Administrator" in advice(str(refusal.value))
    login = sign_up(azure.server.cloud, "pipeline", permissions=permissions())
    provider.configure({"clientId": login["AZURE_CLIENT_ID"]})
    provider.create(urn, group, preview=False)
