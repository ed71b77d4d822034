"""At least as strict as Azure: requests that are wrong in one thing, each of which Azure refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.azure.ids import CLIENT
from emulator.errors import ProviderError
from tests.emulator.azure_provider import Azure, Made, refused, system_profile

if TYPE_CHECKING:
    from collections.abc import Callable

NETWORK = {"networkPlugin": "azure", "networkPluginMode": "overlay"}
PARAMETER, KEPT = "InvalidParameter", "PropertyChangeNotAllowed"


def network(**more: Any) -> dict[str, Any]:
    return {"networkProfile": NETWORK | more}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"networkProfile": {"networkPlugin": "none", "networkDataplane": "cilium"}},
            "needs the network plugin",
        ),
        ({"networkProfile": {"networkPlugin": "none", "networkPolicy": "calico"}}, "needs a network plugin"),
        (
            {"networkProfile": {"networkPlugin": "kubenet", "networkPolicy": "azure"}},
            "needs the network plugin azure",
        ),
        (network(dnsServiceIP="10.0.0.1"), "first two"),
        (network(dnsServiceIP="here"), "no address"),
        (network(serviceCidr="20.0.0.0/8", dnsServiceIP="20.0.0.10"), "not smaller than /12"),
        (network(serviceCidr="here"), "no address range"),
        (network(serviceCidr="10.0.0.1/16"), "no address range"),
        (network(podCidr="10.244.0.1/16"), "no address range"),
        (network(loadBalancerSku="basic"), "retired"),
        (network(outboundType="door"), "outboundType"),
        ({"dnsPrefix": "my_prefix."}, "dnsPrefix"),
        ({"resourceName": "-aks"}, "63"),
        ({"resourceName": "a" * 64}, "63"),
        ({"nodeResourceGroup": "g" * 81}, "80"),
        ({"nodeResourceGroup": "group."}, "80"),
        (
            {"autoUpgradeProfile": {"upgradeChannel": "node-image", "nodeOSUpgradeChannel": "Unmanaged"}},
            "NodeImage",
        ),
        (
            {"apiServerAccessProfile": {"authorizedIPRanges": [f"20.0.0.{n}" for n in range(201)]}},
            "authorizedIPRanges",
        ),
        ({"agentPoolProfiles": [system_profile(), system_profile()]}, "one name"),
        ({"agentPoolProfiles": [system_profile(vmSize="Standard_B1s")]}, "two vCPUs"),
        ({"windowsProfile": {"adminUsername": "Administrator"}}, "adminUsername"),
        ({"windowsProfile": {"adminUsername": "ops", "adminPassword": "short"}}, "adminPassword"),
        (
            {
                "nodeProvisioningProfile": {"mode": "Auto"},
                "agentPoolProfiles": [
                    system_profile(enableAutoScaling=True, minCount=1, maxCount=3, count=1)
                ],
            },
            "cluster autoscaler",
        ),
    ],
)
def test_clusters(azure: Azure, said: dict[str, Any], words: str) -> None:
    with refused(PARAMETER, words):
        azure.cluster(**said)


@pytest.mark.parametrize(
    "changes",
    [
        {"enableRBAC": False},
        {"diskEncryptionSetID": "/a/set"},
        network(dnsServiceIP="10.0.0.20"),
        network(podCidr="10.200.0.0/16"),
    ],
)
def test_what_a_cluster_keeps(azure: Azure, changes: dict[str, Any]) -> None:
    made = azure.cluster()
    with refused(KEPT):
        azure.update(made, **changes)


WINDOWS = {"osType": "Windows", "osSKU": "Windows2022"}
ARM = "Standard_D4pds_v5"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"nodeTaints": ["dedicated"]}, PARAMETER),
        ({"nodeTaints": ["a=b:Never"]}, PARAMETER),
        ({"mode": "System", "nodeTaints": ["a=b:NoSchedule"]}, "SystemPoolHasRestrictedTaint"),
        ({"nodeLabels": {"kubernetes.azure.com/x": "y"}}, "BadRequest"),
        ({"nodeLabels": {"scheduler.k8s.io/x": "y"}}, "BadRequest"),
        ({"nodeLabels": {"a": "b c"}}, "BadRequest"),
        ({"upgradeSettings": {"maxSurge": "150%"}}, PARAMETER),
        ({"upgradeSettings": {"maxSurge": "0%"}}, PARAMETER),
        ({"upgradeSettings": {"maxSurge": "0"}}, PARAMETER),
        ({"upgradeSettings": {"maxSurge": "0", "maxUnavailable": "0"}}, PARAMETER),
        ({"upgradeSettings": {"maxSurge": "1", "maxUnavailable": "1"}}, PARAMETER),
        ({"osType": "Mac"}, PARAMETER),
        ({"osSKU": "Fedora"}, PARAMETER),
        ({"osDiskSizeGB": 10}, PARAMETER),
        ({"osDiskSizeGB": 5000}, PARAMETER),
        ({"availabilityZones": ["4"]}, PARAMETER),
        ({"vmSize": "large"}, PARAMETER),
        ({"vmSize": "Standard_A1_v2"}, PARAMETER),
        ({"vmSize": ARM, "enableFIPS": True}, PARAMETER),
        ({"vmSize": ARM, "workloadRuntime": "KataVmIsolation", "osSKU": "AzureLinux"}, PARAMETER),
        ({"vmSize": ARM, **WINDOWS}, PARAMETER),
        ({"kubeletConfig": {"cpuManagerPolicy": "static"}, **WINDOWS}, PARAMETER),
        ({"count": "three"}, PARAMETER),
        ({"count": 1001}, PARAMETER),
    ],
)
def test_pools(azure: Azure, said: dict[str, Any], code: str) -> None:
    azure.cluster()
    with refused(code):
        azure.pool("win", **said)


@pytest.mark.parametrize(
    "said", [network(networkDataplane="cilium"), {"nodeProvisioningProfile": {"mode": "Auto"}}]
)
def test_windows_pools(azure: Azure, said: dict[str, Any]) -> None:
    azure.cluster(**said)
    with refused(PARAMETER, "not support"):
        azure.pool("win", **WINDOWS)


@pytest.mark.parametrize(
    "label",
    [
        "node-role.kubernetes.io/batch",
        "node.kubernetes.io/x",
        "example.org/kubernetes.io",
        "kubernetes.azure.com/scalesetpriority",
    ],
)
def test_labels_that_are_nobodys(azure: Azure, label: str) -> None:
    azure.cluster()
    azure.pool(nodeLabels={label: ""}, nodeTaints=["example.org/a=b:NoExecute", "c:PreferNoSchedule"])


# Machines.


@pytest.mark.parametrize(
    ("quotas", "more"),
    [
        ({"standardDDSv5Family": 15}, {}),
        ({"cores": 15}, {}),
        ({"lowPriorityCores": 11}, {"scaleSetPriority": "Spot"}),
        ({"virtualMachines": 4}, {}),
    ],
)
def test_quotas(azure: Azure, quotas: dict[str, int], more: dict[str, Any]) -> None:
    azure.cluster()  # two nodes of two vCPUs
    azure.cloud.configure(quotas=quotas)
    with refused("ErrCode_InsufficientVCPUQuota", "region westeurope"):
        azure.pool(count=3, **more)  # of four
    azure.cloud.configure(quotas={name: most + 1 for name, most in quotas.items()})
    azure.pool(count=3, **more)


def test_an_upgrade_needs_quota_for_its_surge_and_a_smaller_pool_none(azure: Azure) -> None:
    cluster = azure.cluster("1.35.5")
    pool = azure.pool(count=3, orchestratorVersion="1.35.5")
    azure.cloud.configure(quotas={"cores": 16})
    azure.update(cluster, kubernetesVersion="1.35.6")
    with refused("ErrCode_InsufficientVCPUQuota", "requested 4, remaining 0 for family cores"):
        azure.update(pool, orchestratorVersion="1.35.6")
    azure.cloud.configure(quotas={"cores": 4})
    azure.update(pool, count=2)


def test_sizes_and_zones_that_the_subscription_may_not_have(azure: Azure) -> None:
    azure.cluster()
    azure.cloud.configure(sku_restrictions={"Standard_D4ds_v5": ["2"], "Standard_E16ds_v5": []})
    with refused("BadRequest", "Standard_D4ds_v5 is not allowed"):
        azure.pool(availabilityZones=["1", "2"])
    with refused("BadRequest", "not allowed in your subscription"):
        azure.pool(vmSize="Standard_E16ds_v5")
    azure.pool(availabilityZones=["1", "3"])


def test_a_region_without_zones(azure: Azure) -> None:
    azure.cluster(location="westus")
    with refused("AvailabilityZoneNotSupported", "westus"):
        azure.pool(availabilityZones=["1"])


# Networks.


def made(azure: Azure, type_: str, /, **said: Any) -> Made:
    return azure.create(f"network:{type_}", "one", resourceGroupName="rg", **said)


RULE = {
    "name": "a",
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "priority": 100,
    "destinationPortRange": "443",
}
HOP = {"name": "out", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"}


@pytest.mark.parametrize(
    ("type_", "said", "code"),
    [
        ("NetworkSecurityGroup", {"securityRules": [RULE | {"priority": 50}]}, "SecurityRuleInvalidPriority"),
        (
            "NetworkSecurityGroup",
            {"securityRules": [RULE, RULE | {"priority": None}]},
            "SecurityRuleInvalidPriority",
        ),
        (
            "NetworkSecurityGroup",
            {"securityRules": [RULE | {"access": "Maybe"}]},
            "SecurityRuleParameterContainsUnsupportedValue",
        ),
        (
            "NetworkSecurityGroup",
            {"securityRules": [RULE | {"direction": None}]},
            "SecurityRuleParameterContainsUnsupportedValue",
        ),
        (
            "NetworkSecurityGroup",
            {"securityRules": [RULE | {"protocol": "Http"}]},
            "SecurityRuleParameterContainsUnsupportedValue",
        ),
        (
            "NetworkSecurityGroup",
            {"securityRules": [RULE | {"destinationPortRange": "70000"}]},
            "SecurityRuleInvalidPortRange",
        ),
        ("NetworkSecurityGroup", {"networkSecurityGroupName": "-a"}, "InvalidResourceName"),
        (
            "PublicIPAddress",
            {"sku": {"name": "Basic"}, "publicIPAllocationMethod": "Static"},
            "InvalidRequestFormat",
        ),
        (
            "PublicIPAddress",
            {"sku": {"name": "Standard"}, "publicIPAllocationMethod": "Dynamic"},
            "InvalidRequestFormat",
        ),
        ("NatGateway", {}, "InvalidRequestFormat"),
        ("NatGateway", {"sku": {"name": "Standard"}, "idleTimeoutInMinutes": 500}, "InvalidRequestFormat"),
        (
            "NatGateway",
            {"sku": {"name": "Standard"}, "publicIpAddresses": [{"id": "/nowhere"}]},
            "InvalidResourceReference",
        ),
        ("RouteTable", {"routes": [HOP | {"nextHopType": "Door"}]}, "InvalidRequestFormat"),
        ("RouteTable", {"routes": [HOP | {"addressPrefix": "all"}]}, "InvalidAddressPrefix"),
        (
            "VirtualNetwork",
            {"virtualNetworkName": "n" * 65, "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
            "InvalidResourceName",
        ),
    ],
)
def test_parts_of_a_network(azure: Azure, type_: str, said: dict[str, Any], code: str) -> None:
    azure.group()
    with refused(code):
        made(azure, type_, **said)


def test_a_subnet_of_three_addresses(azure: Azure) -> None:
    azure.group()
    azure.network()
    with refused("NetcfgInvalidSubnet", "/29"):
        azure.subnet("small", "10.2.0.0/30")
    azure.subnet("least", "10.2.0.0/29")


@pytest.mark.parametrize(
    ("type_", "said", "key", "code"),
    [
        ("RouteTable", {}, "routeTable", "InUseRouteTableCannotBeDeleted"),
        ("NatGateway", {"sku": {"name": "Standard"}}, "natGateway", "InUseNatGatewayCannotBeDeleted"),
    ],
)
def test_what_a_subnet_uses(azure: Azure, type_: str, said: dict[str, Any], key: str, code: str) -> None:
    azure.group()
    azure.network()
    used = made(azure, type_, **said)
    subnet = azure.subnet("second", "10.2.0.0/24", **{key: {"id": used.id}})
    with refused(code, subnet.id):
        azure.delete(used)
    azure.delete(subnet)
    azure.delete(used)


def test_an_address_that_a_gateway_uses(azure: Azure) -> None:
    azure.group()
    address = made(azure, "PublicIPAddress", sku={"name": "Standard"}, publicIPAllocationMethod="Static")
    made(azure, "NatGateway", sku={"name": "Standard"}, publicIpAddresses=[{"id": address.id}])
    with refused("PublicIPAddressCannotBeDeleted"):
        azure.delete(address)


def test_the_subnet_of_an_api_server(azure: Azure) -> None:
    azure.group()
    azure.network()
    delegated = {"name": "aks", "serviceName": "Microsoft.ContainerService/managedClusters"}
    subnet = azure.subnet("api", "10.2.0.0/28", delegations=[delegated])
    azure.cluster(apiServerAccessProfile={"enableVnetIntegration": True, "subnetId": subnet.id})
    with refused("InUseSubnetCannotBeDeleted"):
        azure.delete(subnet)


def test_addresses_that_are_the_clusters_own(azure: Azure) -> None:
    azure.group()
    nodes = azure.network("10.1.0.0/24")
    azure.subnet("services", "10.0.4.0/24")
    pools = {"agentPoolProfiles": [system_profile(vnetSubnetID=nodes.id)]}
    with refused(
        "ServiceCidrOverlapExistingSubnetsCidr",
        "10.0.0.0/16 is conflicted with an existing subnet CIDR 10.0.4.0/24",
    ):
        azure.cluster(**pools)
    with refused(PARAMETER, "overlaps the subnet 10.1.0.0/24"):
        azure.cluster(**pools, **network(serviceCidr="10.9.0.0/16", podCidr="10.1.0.0/16"))


def test_pools_of_two_networks(azure: Azure) -> None:
    azure.group()
    nodes = azure.network()
    azure.cluster(agentPoolProfiles=[system_profile(vnetSubnetID=nodes.id)])
    azure.create(
        "network:VirtualNetwork",
        "far",
        resourceGroupName="rg",
        virtualNetworkName="far",
        addressSpace={"addressPrefixes": ["172.16.0.0/16"]},
    )
    far = {
        "resourceGroupName": "rg",
        "virtualNetworkName": "far",
        "subnetName": "far",
        "addressPrefix": "172.16.0.0/24",
    }
    with refused(PARAMETER, "one virtual network"):
        azure.pool(vnetSubnetID=azure.create("network:Subnet", "far", **far).id)
    other = azure.subnet("other", "10.2.0.0/24")
    azure.pool(vnetSubnetID=other.id)
    delegated = azure.subnet(
        "web", "10.3.0.0/24", delegations=[{"name": "a", "serviceName": "Microsoft.Web/serverFarms"}]
    )
    with refused("SubnetIsDelegated", "Microsoft.Web"):
        azure.pool("web", vnetSubnetID=delegated.id)


@pytest.fixture
def second(azure: Azure) -> Made:
    """A subnet with no way out of its own."""
    azure.group()
    azure.network()
    return azure.subnet("second", "10.2.0.0/24")


def test_a_way_out_by_routes(azure: Azure, second: Made) -> None:
    said = {
        "agentPoolProfiles": [system_profile(vnetSubnetID=second.id)],
        **network(outboundType="userDefinedRouting"),
    }
    with refused("ExistingRouteTableNotAssociatedWithSubnet"):
        azure.cluster(**said)
    table = made(azure, "RouteTable", routes=[HOP | {"nextHopType": "Internet"}])
    azure.update(second, routeTable={"id": table.id})
    with refused("RouteTableMissingDefaultRoute"):
        azure.cluster(**said)
    azure.update(table, routes=[HOP])
    azure.cluster(**said)


def test_a_way_out_by_a_gateway(azure: Azure, second: Made) -> None:
    said = {
        "agentPoolProfiles": [system_profile(vnetSubnetID=second.id)],
        **network(outboundType="userAssignedNATGateway"),
    }
    with refused(PARAMETER, "has no NAT gateway"):
        azure.cluster(**said)
    azure.update(second, natGateway={"id": made(azure, "NatGateway", sku={"name": "Standard"}).id})
    azure.cluster(**said)


# Windows of maintenance.


@pytest.mark.parametrize(
    "schedule",
    [
        {"weekly": {"intervalWeeks": 9, "dayOfWeek": "Monday"}},
        {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Mon"}},
        {"daily": {"intervalDays": 30}},
        {"absoluteMonthly": {"intervalMonths": 1, "dayOfMonth": 40}},
        {"absoluteMonthly": {"intervalMonths": 13, "dayOfMonth": 1}},
        {"relativeMonthly": {"intervalMonths": 1, "dayOfWeek": "Monday", "weekIndex": "Fifth"}},
    ],
)
def test_schedules(azure: Azure, schedule: dict[str, Any]) -> None:
    azure.cluster()
    said = {"durationHours": 4, "startTime": "22:00", "schedule": schedule}
    where = {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "configName": "aksManagedNodeOSUpgradeSchedule",
    }
    with refused(PARAMETER, "maintenanceWindow.schedule"):
        azure.create("containerservice:MaintenanceConfiguration", "w", **where, maintenanceWindow=said)


# Rights and locks.

READER = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
SOMEBODY = "11111111-1111-1111-1111-111111111111"


def assignment(azure: Azure, **more: Any) -> Made:
    said = {"roleDefinitionId": READER, "principalId": SOMEBODY, "principalType": "ServicePrincipal"}
    return azure.create("authorization:RoleAssignment", "a", **(said | more), scope=azure.group().id)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"roleAssignmentName": "reader"}, "InvalidRoleAssignmentId"),
        ({"principalId": "team"}, "InvalidPrincipalId"),
        ({"principalType": "Robot"}, "InvalidPrincipalType"),
    ],
)
def test_assignments(azure: Azure, said: dict[str, Any], code: str) -> None:
    with refused(code):
        assignment(azure, **said)


@pytest.mark.parametrize("change", [{"principalId": CLIENT}, {"roleDefinitionId": READER[:-1] + "8"}])
def test_an_assignment_stays_what_it_is(azure: Azure, change: dict[str, Any]) -> None:
    with refused("RoleAssignmentUpdateNotPermitted"):
        azure.update(assignment(azure), **change)


def test_a_read_only_lock_keeps_credentials_back(azure: Azure) -> None:
    cluster = azure.cluster()
    ask: Callable[[], Any] = lambda: azure.provider.invoke(  # noqa: E731
        "azure-native:containerservice:listManagedClusterUserCredentials",
        {"resourceGroupName": "rg", "resourceName": "aks", "format": "exec"},
    )
    ask()
    azure.create("authorization:ManagementLockByScope", "l", scope=cluster.id, lockName="l", level="ReadOnly")
    with refused("ScopeLocked"):
        ask()


# Anything that has tags, or a name.


@pytest.mark.parametrize(
    "tags", [{f"t{number}": "x" for number in range(51)}, {"a<b": "x"}, {"a": "x" * 257}, {"": "x"}]
)
def test_tags(azure: Azure, tags: dict[str, str]) -> None:
    with pytest.raises(ProviderError, match='Code="InvalidTag'):
        azure.create("resources:ResourceGroup", "rg", resourceGroupName="rg", tags=tags)


def test_names(azure: Azure) -> None:
    with refused("InvalidResourceGroup"):
        azure.create("resources:ResourceGroup", "rg", resourceGroupName="rg.")
    azure.group()
    with refused("InvalidResourceName"):
        azure.create("managedidentity:UserAssignedIdentity", "i", resourceGroupName="rg", resourceName="i")
    with refused("InvalidResourceName"):
        azure.create("operationalinsights:Workspace", "w", resourceGroupName="rg", workspaceName="a_b")


def test_a_credential_has_one_audience(azure: Azure) -> None:
    azure.group()
    azure.create("managedidentity:UserAssignedIdentity", "own", resourceGroupName="rg", resourceName="own")
    said = {"resourceGroupName": "rg", "resourceName": "own", "issuer": "https://x", "subject": "s"}
    with refused("BadRequest", "one audience"):
        azure.create("managedidentity:FederatedIdentityCredential", "one", **said, audiences=["a", "b"])
