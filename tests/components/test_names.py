"""Names that are made of names: what the settings accept at its longest is a name that Azure, Kubernetes and Pulumi take."""

import re
from collections import Counter
from typing import Any

from components.args.network import NetworkArgs, SubnetArgs
from components.cluster_identity import ClusterIdentity, ClusterIdentityArgs
from components.cluster_network import ClusterNetwork, ClusterNetworkArgs
from tests.components.helpers import SUBNET, run
from tests.components.test_permuted import configuration, program

LONGEST = {
    "VirtualNetwork": ("virtualNetworkName", 64),
    "Subnet": ("subnetName", 80),
    "NetworkSecurityGroup": ("networkSecurityGroupName", 80),
    "VirtualNetworkPeering": ("virtualNetworkPeeringName", 80),
    "Workspace": ("workspaceName", 63),
    "ManagedCluster": ("resourceName", 63),
    "AgentPool": ("agentPoolName", 12),
    "UserAssignedIdentity": ("resourceName", 128),
    "DataCollectionEndpoint": ("dataCollectionEndpointName", 44),
    "DataCollectionRule": ("dataCollectionRuleName", 64),
    "PrometheusRuleGroup": ("ruleGroupName", 260),
    "ResourceGroup": ("resourceGroupName", 90),
}
"""By type: the property and the characters it may have ("Naming rules and restrictions for Azure resources", November 2026; an endpoint's
is in limits.yaml)."""
SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
VALUE = re.compile(r"([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?")
HUB = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/{}"
METRICS = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Monitor/accounts/m"


def longest(*, metrics: bool) -> dict[str, Any]:
    """The dev stack with every name of the user's at its longest."""
    config = configuration("dev")
    cluster = config["secure-aks:cluster"]
    cluster["name"] = "a" * (40 if metrics else 54)
    cluster["nodeResourceGroup"], cluster["resourceGroup"] = "n" * 80, "r" * 63
    if metrics:
        cluster["monitoring"] = {"prometheus": {"workspace": METRICS}}
    for kind in ("breakGlass", "deployers", "readers"):
        cluster[kind][0]["name"] = kind.ljust(256, "x")
    config["secure-aks:network"] |= {"subnets": "per-pool", "peerings": [{"network": HUB.format("h" * 64)}]}
    config["secure-aks:audit"]["retentionDays"] = 90
    config["secure-aks:pools"][0]["name"] = "p" * 12
    first, second, *_ = config["secure-aks:teams"]
    for team, letter in ((first, "f"), (second, "s")):
        team["name"], team["namespace"] = letter * 63, letter * 62
        for number, group in enumerate(team["groups"]):
            group["name"] = f"{letter}{number}".ljust(256, "ö")
    first["customRoles"] = [{"name": "c" * 63, "rules": [{"resources": ["configmaps"], "verbs": ["get"]}]}]
    first["groups"][0]["role"] = "c" * 63
    first["egress"] = [{"name": second["name"], "ports": [443]}]
    second["ingress"] = [{"name": first["name"], "ports": [443]}]
    return config


def test_the_longest_names_are_names_everywhere(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    for metrics in (True, False):
        done = program(longest(metrics=metrics), "dev")
        seen = set[str]()
        for one in done.registered:
            kind = one.type.rpartition(":")[2]
            if one.type.startswith("azure-native:") and kind in LONGEST:
                key, most = LONGEST[kind]
                assert 0 < len(one.inputs[key]) <= most, (kind, one.inputs[key])
                seen.add(kind)
            if one.type.startswith("kubernetes:") and (meta := one.inputs.get("metadata")):
                assert SUBDOMAIN.fullmatch(meta["name"].replace(":", "-")), meta["name"]
                assert all(VALUE.fullmatch(value) for value in (meta.get("labels") or {}).values()), meta
        urns = Counter(one.urn for one in done.registered)
        assert max(urns.values()) == 1, urns.most_common(3)
        assert seen >= {"VirtualNetwork", "Subnet", "AgentPool", "Workspace", "VirtualNetworkPeering"}
        assert ("DataCollectionEndpoint" in seen) is metrics


def test_a_subnet_that_is_called_like_another_role_keeps_its_own():
    args = ClusterIdentityArgs(
        "rg", "id", subnet_ids={"etcd-key": SUBNET, "nodes": SUBNET}, etcd_vault=f"{SUBNET}/vault"
    )

    def made():
        ClusterIdentity("identity", args)

    names = {one.name for one in run(made).of(":RoleAssignment")}
    assert names == {"identity-subnet-etcd-key", "identity-nodes", "identity-etcd-key"}


def test_a_subnet_of_nodes_that_is_called_as_the_api_servers_keeps_its_role():
    joinable: list[set[str]] = []

    def made():
        network = NetworkArgs(api_server_subnet_id=f"{SUBNET}-api")
        subnets = [SubnetArgs("api-server", "10.60.0.0/24", ("system",), SUBNET)]
        args = ClusterNetworkArgs("rg", "vnet", subnets, network=network)
        joinable.append(set(ClusterNetwork("network", args).joinable))

    run(made)
    assert joinable == [{"api-server", "of-the-api-server"}]
