"""A stack that names what exists instead of making it, brought up by somebody who has only the documented roles on each thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from emulator.azure import ids
from emulator.cloud.cloud import Cloud
from tests.asked.life import stand_there
from tests.asked.rights import documented
from tests.components.test_on_the_engine import Project
from tests.emulator.azure_provider import Azure
from tests.engine.test_role_taken_away import names_it
from tests.first_cluster import ENTRA, Right, permissions, rights
from tests.shipped_up import failed

if TYPE_CHECKING:
    from pathlib import Path

SUB = f"/subscriptions/{ids.SUBSCRIPTION}"
GROUP, SHARED = f"{SUB}/resourceGroups/ours", f"{SUB}/resourceGroups/shared"
HUB = f"{SHARED}/providers/Microsoft.Network/virtualNetworks/hub"
BATCH = f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch"
ZONE = "privatelink.westeurope.azmk8s.io"
MONITORING = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"
NETWORK_CONTRIBUTOR, DNS_CONTRIBUTOR, IDENTITY_OPERATOR = (
    "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    "f1a07417-d97a-45cb-824c-7a7467783830",
)
MADE_BY_US = (
    "ResourceGroup",
    "UserAssignedIdentity",
    "Workspace",
    "Registry",
    "VirtualNetwork",
    "Subnet",
    "PrivateZone",
)


def made(cloud: Cloud) -> dict[str, str]:
    """Make what a company has before: the ids of it. The control plane's identity has the roles that the page names."""
    azure, shared = Azure(cloud), {"resourceGroupName": "shared"}

    def create(type_: str, name: str, **inputs: Any) -> Any:
        return azure.create(type_, name, **shared, **inputs)

    for group in ("ours", "shared"):
        azure.create("resources:ResourceGroup", group, resourceGroupName=group)
    network = create(
        "network:VirtualNetwork",
        "v",
        virtualNetworkName="v",
        addressSpace={"addressPrefixes": ["10.40.0.0/16"]},
    )
    subnet = create(
        "network:Subnet", "n", virtualNetworkName="v", subnetName="nodes", addressPrefix="10.40.0.0/20"
    )
    identity = create("managedidentity:UserAssignedIdentity", "own", resourceName="own")
    kubelet = create("managedidentity:UserAssignedIdentity", "kubelet", resourceName="kubelet")
    batch = create("managedidentity:UserAssignedIdentity", "batch", resourceName="batch")
    zone = create("privatedns:PrivateZone", "z", privateZoneName=ZONE, location="global")
    registry = create("containerregistry:Registry", "r", registryName="contoso", sku={"name": "Standard"})
    workspace = create("operationalinsights:Workspace", "w", workspaceName="logs")
    hub = create(
        "network:VirtualNetwork",
        "h",
        virtualNetworkName="hub",
        addressSpace={"addressPrefixes": ["10.3.0.0/16"]},
    )
    for scope, role in (
        (subnet.id, NETWORK_CONTRIBUTOR),
        (zone.id, DNS_CONTRIBUTOR),
        (kubelet.id, IDENTITY_OPERATOR),
    ):
        azure.create(
            "authorization:RoleAssignment",
            role,
            scope=scope,
            roleDefinitionId=f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{role}",
            principalId=identity.outputs["principalId"],
            principalType="ServicePrincipal",
        )
    found = {"network": network, "subnet": subnet, "identity": identity, "kubelet": kubelet}
    found |= {"zone": zone, "registry": registry, "workspace": workspace, "hub": hub, "batch": batch}
    return {name: one.id for name, one in found.items()}


def of(namespace: str, *parts: str) -> str:
    """The id of something that is there already."""
    return f"{SHARED}/providers/{namespace}/{'/'.join(parts)}"


MORE: dict[str, tuple[str, Any]] = {
    "network.peerings": ("network", {"addressSpace": "10.62.0.0/16", "peerings": [{"network": HUB}]}),
    "teams.identities.identity": (
        "teams",
        [
            {
                "name": "payments",
                "groups": [{"name": "p", "role": "viewer"}],
                "identities": [{"serviceAccount": "api", "identity": BATCH}],
            }
        ],
    ),
    "audit.storageAccount": ("audit.storageAccount", of("Microsoft.Storage", "storageAccounts", "kept")),
    "audit.eventHub.rule": (
        "audit.eventHub",
        {
            "rule": of("Microsoft.EventHub", "namespaces", "siem-events", "authorizationRules", "send"),
            "hub": "aks",
        },
    ),
    "cluster.loadBalancer": (
        "cluster.loadBalancer",
        {"addressIds": [of("Microsoft.Network", "publicIPAddresses", "out")]},
    ),
    "cluster.monitoring.contacts.actionGroup": (
        "cluster.monitoring",
        {"contacts": {"actionGroup": of("Microsoft.Insights", "actionGroups", "duty")}},
    ),
    "fleet.id": ("fleet", {"id": of("Microsoft.ContainerService", "fleets", "shop")}),
    "cluster.backup.vaultGroup": (
        "cluster.backup",
        {
            "vaultGroup": "vaults",
            "snapshotGroup": "snapshots",
            "storageAccount": of("Microsoft.Storage", "storageAccounts", "backups"),
            "container": "aks",
        },
    ),
    "placement.proximityPlacementGroup": (
        "systemPool.placement",
        {"proximityPlacementGroup": of("Microsoft.Compute", "proximityPlacementGroups", "close")},
    ),
}
"""What a stack file says besides, so that it takes a row of the page: by the setting there."""


def dev_among_them(tmp_path: Path, taken: Right | None = None) -> Project:
    """The dev stack with everything of the company's own, and kured with an alert in Azure Monitor."""
    project = Project(tmp_path)
    project.stack.lab_folder.mkdir()
    cloud = Cloud(project.stack.lab_folder / "cloud.json")
    there = made(cloud)
    said: dict[str, Any] = yaml.safe_load(project.file.read_text())
    config = said["config"]
    cluster = config["secure-aks:cluster"]
    cluster |= {
        "existingResourceGroup": "ours",
        "identity": there["identity"],
        "kubeletIdentity": there["kubelet"],
        "registries": [there["registry"]],
        "apiServer": {"access": "private", "privateDnsZone": there["zone"]},
    }
    subnets = [{"id": there["subnet"], "cidr": "10.40.0.0/20"}]
    config["secure-aks:network"] = {"existing": {"subnets": subnets, "addressSpaces": ["10.40.0.0/16"]}}
    config["secure-aks:audit"]["workspaceId"] = there["workspace"]
    del config["secure-aks:audit"]["retentionDays"]
    monitoring = {"collector": "azure-monitor", "workspaceId": MONITORING}
    config["secure-aks:nodeUpdates"] = {
        "mode": "kured",
        "kured": {"monitoring": monitoring, "endTime": "04:00"},
    }
    for setting in MORE.keys() & set(taken.settings if taken else ()):
        path, value = MORE[setting]
        section, _, key = path.partition(".")
        if setting == "fleet.id":
            config["secure-aks:versionRules"] = {"owner": "fleet"}
        if key:
            config[f"secure-aks:{section}"][key] = value
        else:
            config[f"secure-aks:{section}"] = value
        if not any(one in json.dumps(value) for one in (HUB, BATCH)):  # which are there
            stand_there(Azure(cloud), {"said": value})
    project.file.write_text(yaml.safe_dump(said, sort_keys=False))
    roles: dict[str, list[str]] = {}
    for right in rights():
        if right.where == ENTRA or right == taken:
            continue
        for setting in right.settings or ("",):
            for scope in documented(config, "ours")[right.role, setting]:
                roles.setdefault(scope, []).append(right.role)
    who = project.stack.sign_in("documented", roles, permissions())
    project.file.write_text(project.file.read_text().replace(ids.PRINCIPAL, who))
    return project


@pytest.mark.soak
def test_what_exists_is_used_and_nothing_beside_it_is_made(tmp_path: Path) -> None:
    project = dev_among_them(tmp_path)
    project.stack.up()
    resources = project.stack.resources()
    assert [one["type"] for one in resources if one["type"].endswith(MADE_BY_US)] == []
    cluster = project.cluster()["outputs"]
    assert list(cluster["identity"]["userAssignedIdentities"]) == [
        f"{SHARED}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own"
    ]
    assert cluster["identityProfile"]["kubeletidentity"]["resourceId"].endswith("/kubelet")
    assert cluster["apiServerAccessProfile"]["privateDNSZone"].endswith(ZONE)
    assert {pool["vnetSubnetID"] for pool in cluster["agentPoolProfiles"]} == {
        f"{SHARED}/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"
    }
    said = [one["inputs"] for one in resources if "inputs" in one]
    [pull] = [inputs for inputs in said if str(inputs.get("scope")).endswith("/registries/contoso")]
    assert pull["principalId"] == cluster["identityProfile"]["kubeletidentity"]["objectId"]

    [alerts] = [one for one in resources if one["type"].endswith(":PrometheusRuleGroup")]
    assert alerts["id"].endswith(
        "ours/providers/Microsoft.AlertsManagement/prometheusRuleGroups/aks-dev-kured"
    )
    assert alerts["inputs"]["scopes"] == [MONITORING, project.cluster()["id"]]
    assert project.stack.preview().change_summary.keys() <= {"same", "read"}


ON_THEIRS = [right for right in rights() if right.settings]


def test_each_row_of_the_page_is_of_a_thing_that_a_stack_here_names(tmp_path: Path) -> None:
    config = yaml.safe_load(dev_among_them(tmp_path).file.read_text())["config"]
    said = {row for row, places in documented(config, "ours").items() if places}
    assert [
        right
        for right in ON_THEIRS
        if not any((right.role, one) in said or one in MORE for one in right.settings)
    ] == []


@pytest.mark.soak
@pytest.mark.parametrize(
    "taken",
    ON_THEIRS,
    ids=lambda right: f"{right.role} on {right.where[:24]}",
)
def test_each_role_on_what_exists_is_needed_and_its_lack_is_explained(tmp_path: Path, taken: Right) -> None:
    """What a stack takes that has nothing of the company's own is taken away in tests/engine/test_role_taken_away.py."""
    project = dev_among_them(tmp_path, taken)
    names_it(failed(project.stack, "up"), taken)
