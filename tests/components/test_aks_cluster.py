"""The managed cluster and the way to it."""

import json
from typing import Any

import pytest

from components.aks_cluster import AksCluster, AksClusterArgs
from components.parts.azure_role import (
    KEY_VAULT_CONTRIBUTOR,
    KEY_VAULT_CRYPTO_USER,
    NETWORK_CONTRIBUTOR,
    READER,
)
from tests.components.helpers import SUBNET, SUBSCRIPTION, WORKSPACE, depends_on, object_id, run

GROUP = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"


@pytest.fixture
def register(cluster_settings, pool_settings, own_network, own_audit):
    def make(*, pool=None, args=None, dry_run=False, state=None, **changes):
        others: dict[str, Any] = {"node_os_channel": "Unmanaged", **(args or {})}
        pool = {"name": "system", "mode": "System", "autoscaling": {"min": 3, "max": 6}, **(pool or {})}

        def program():
            AksCluster(
                "cluster",
                AksClusterArgs(
                    resource_group_name="rg",
                    cluster=cluster_settings(**changes),
                    system_pool=pool_settings(**pool),
                    subnet_id=own_network("system").pool_subnet_ids["system"],
                    workspace_id=own_audit().workspace_id,
                    **others,
                ),
            )

        return run(program, dry_run=dry_run, state=state)

    return make


@pytest.fixture
def inputs_of(register):
    return lambda **changes: register(**changes).one(":ManagedCluster").inputs


def test_entra_is_the_only_way_in_and_kubernetes_rbac_decides(inputs_of):
    inputs = inputs_of(break_glass=[{"name": "emergency", "object_id": GROUP}])

    assert inputs["aadProfile"] == {"managed": True, "enableAzureRBAC": False, "adminGroupObjectIDs": [GROUP]}
    assert inputs["disableLocalAccounts"] is True
    assert inputs["enableRBAC"] is True


def test_break_glass_group_without_an_id_is_created(register):
    done = register(break_glass=[{"name": "emergency", "members": [GROUP]}])
    group = done.one("group:Group")

    assert group.inputs["displayName"] == "emergency"
    assert group.inputs["securityEnabled"] is True
    assert group.inputs["preventDuplicateNames"] is True
    assert group.inputs["members"] == [GROUP]
    assert done.one(":ManagedCluster").inputs["aadProfile"]["adminGroupObjectIDs"] == [object_id("emergency")]


def test_tenant_is_the_subscriptions_unless_told(inputs_of):
    assert "tenantID" not in inputs_of()["aadProfile"]
    assert inputs_of(tenant_id=GROUP)["aadProfile"]["tenantID"] == GROUP


def test_workloads_get_an_identity_from_the_issuer(inputs_of):
    inputs = inputs_of()

    assert inputs["oidcIssuerProfile"] == {"enabled": True}
    assert inputs["securityProfile"]["workloadIdentity"] == {"enabled": True}


def test_defender_policy_and_image_cleaner_are_on(inputs_of):
    inputs = inputs_of(image_cleaner_hours=72)

    assert inputs["securityProfile"]["defender"] == {
        "securityMonitoring": {"enabled": True},
        "logAnalyticsWorkspaceResourceId": WORKSPACE,
    }
    assert inputs["securityProfile"]["imageCleaner"] == {"enabled": True, "intervalHours": 72}
    assert inputs["addonProfiles"] == {"azurepolicy": {"enabled": True}}


def test_defender_and_policy_can_be_switched_off(inputs_of):
    inputs = inputs_of(defender=False, azure_policy=False)

    assert inputs["securityProfile"]["defender"] == {"securityMonitoring": {"enabled": False}}
    assert inputs["addonProfiles"] == {"azurepolicy": {"enabled": False}}


def test_addons_are_on_when_asked_for(inputs_of):
    assert not {"workloadAutoScalerProfile", "metricsProfile"} & inputs_of().keys()
    inputs = inputs_of(
        addons={"keda": True, "key_vault_secrets": {"rotation_minutes": 30}, "cost_analysis": True}
    )

    assert inputs["workloadAutoScalerProfile"] == {"keda": {"enabled": True}}
    assert inputs["metricsProfile"] == {"costAnalysis": {"enabled": True}}
    assert inputs["addonProfiles"] == {
        "azurepolicy": {"enabled": True},
        "azureKeyvaultSecretsProvider": {
            "enabled": True,
            "config": {"enableSecretRotation": "true", "rotationPollInterval": "30m"},
        },
    }


VAULT = f"{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/kv-aks"
KEY = "https://kv-aks.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef"
DISKS = f"{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/disks"


@pytest.mark.parametrize("network", ["Public", "Private"])
def test_the_clusters_identity_may_use_the_keys_that_are_named_and_no_more(register, network):
    key = {"id": KEY, "vault": VAULT, "vault_network": network}
    done = register(encryption={"etcd": key, "disk_encryption_set": DISKS})
    kms = done.one(":ManagedCluster").inputs["securityProfile"]["azureKeyVaultKms"]

    # Azure wants the vault's id for a private vault, and refuses it for a public one.
    assert kms == {"enabled": True, "keyId": KEY, "keyVaultNetworkAccess": network} | (
        {"keyVaultResourceId": VAULT} if network == "Private" else {}
    )
    assert done.one(":ManagedCluster").inputs["diskEncryptionSetID"] == DISKS
    roles = {
        (one.inputs["scope"], one.inputs["roleDefinitionId"].rsplit("/", 1)[1])
        for one in done.of(":RoleAssignment")
    }
    crypto, joins, reads = KEY_VAULT_CRYPTO_USER, KEY_VAULT_CONTRIBUTOR, READER
    more = {(VAULT, crypto), (DISKS, reads)} | ({(VAULT, joins)} if network == "Private" else set())
    assert roles - {(SUBNET, NETWORK_CONTRIBUTOR)} == more


def test_the_clusters_identity_may_use_the_addresses_that_are_named(register):
    network = f"{SUBSCRIPTION}/resourceGroups/out/providers/Microsoft.Network"
    address, prefix = f"{network}/publicIPAddresses/one", f"{network}/publicIPPrefixes/one"
    for said, id_ in (({"address_ids": [address]}, address), ({"prefix_ids": [prefix]}, prefix)):
        done = register(load_balancer=said)
        roles = {
            (one.inputs["scope"], one.inputs["roleDefinitionId"].rsplit("/", 1)[1])
            for one in done.of(":RoleAssignment")
        }
        assert roles == {(SUBNET, NETWORK_CONTRIBUTOR), (id_, NETWORK_CONTRIBUTOR)}


def test_container_insights_log_in_by_an_identity_of_their_own(inputs_of):
    config = {"logAnalyticsWorkspaceResourceID": WORKSPACE, "useAADAuth": "true"}
    inputs = inputs_of(monitoring={"container_insights": True})
    assert inputs["addonProfiles"]["omsagent"] == {"enabled": True, "config": config}


def test_a_section_that_is_not_asked_for_sends_nothing(inputs_of):
    sent = inputs_of().keys()
    asked = {
        "autoScalerProfile",
        "azureMonitorProfile",
        "bootstrapProfile",
        "httpProxyConfig",
        "ingressProfile",
    }
    assert not sent & (
        asked | {"nodeProvisioningProfile", "serviceMeshProfile", "storageProfile", "windowsProfile"}
    )


def test_azure_roles_authorize_only_when_told(inputs_of):
    assert inputs_of(azure_rbac=True)["aadProfile"]["enableAzureRBAC"] is True


def test_api_server_is_private_unless_told(inputs_of):
    assert inputs_of()["apiServerAccessProfile"] == {
        "disableRunCommand": True,
        "enablePrivateCluster": True,
        "enablePrivateClusterPublicFQDN": False,
        "privateDNSZone": "system",
    }


def test_without_a_zone_the_name_of_a_private_api_server_is_public(inputs_of):
    profile = inputs_of(api_server={"private_dns_zone": "none"})["apiServerAccessProfile"]

    assert profile["privateDNSZone"] == "none"
    assert profile["enablePrivateClusterPublicFQDN"] is True


def test_checks_are_forced_past_only_when_told_and_until_a_day(inputs_of):
    assert "upgradeSettings" not in inputs_of()
    force = {"until": "2026-12-01", "reason": "an API in use by a tool that nobody mends"}
    assert inputs_of(force_upgrade=force)["upgradeSettings"] == {
        "overrideSettings": {"forceUpgrade": True, "until": "2026-12-01T23:59:59Z"}
    }


def test_api_server_for_some_networks_only(inputs_of):
    server = {"access": "ip-restricted", "authorized_ip_ranges": ["203.0.113.0/24", "198.51.100.7/32"]}

    assert inputs_of(api_server=server)["apiServerAccessProfile"] == {
        "disableRunCommand": True,
        "enablePrivateCluster": False,
        "authorizedIPRanges": ["198.51.100.7/32", "203.0.113.0/24"],
    }


def test_public_api_server_still_refuses_run_command(inputs_of):
    assert inputs_of(api_server={"access": "public"})["apiServerAccessProfile"] == {
        "disableRunCommand": True,
        "enablePrivateCluster": False,
    }


@pytest.mark.parametrize(
    ("policy", "dataplane"), [("calico", "azure"), ("azure", "azure"), ("cilium", "cilium")]
)
def test_pods_live_in_an_overlay_with_network_policy(inputs_of, policy, dataplane):
    assert inputs_of(network_policy=policy)["networkProfile"] == {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkPolicy": policy,
        "networkDataplane": dataplane,
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "10.0.0.0/16",
        "dnsServiceIP": "10.0.0.10",
        "loadBalancerSku": "standard",
        "outboundType": "loadBalancer",
    }


def test_no_channel_moves_versions_and_nodes_get_their_updates(inputs_of):
    assert inputs_of(args={"node_os_channel": "SecurityPatch"})["autoUpgradeProfile"] == {
        "upgradeChannel": "none",
        "nodeOSUpgradeChannel": "SecurityPatch",
    }


def test_tier_support_plan_and_names_are_passed_on(inputs_of):
    inputs = inputs_of(tier="Premium", support_plan="AKSLongTermSupport", node_resource_group="rg-nodes")

    assert inputs["sku"] == {"name": "Base", "tier": "Premium"}
    assert inputs["supportPlan"] == "AKSLongTermSupport"
    assert (inputs["resourceName"], inputs["dnsPrefix"], inputs["nodeResourceGroup"]) == (
        "aks-test",
        "aks-test",
        "rg-nodes",
    )
    assert inputs["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}
    assert inputs["kubernetesVersion"] == "1.35.6"


def test_exactly_one_inline_pool_without_a_version(inputs_of):
    (pool,) = inputs_of()["agentPoolProfiles"]

    assert (pool["name"], pool["mode"]) == ("system", "System")
    assert (pool["minCount"], pool["maxCount"], pool["vnetSubnetID"]) == (3, 6, SUBNET)
    assert "orchestratorVersion" not in pool


def left(done):
    """The state after a first `up`, of what decides about the count."""
    cluster = "urn:pulumi:dev::secure-aks::secure-aks:index:AksCluster"
    outputs = done.outputs[done.one(":AksCluster").urn]
    return {
        f"{cluster}$azure-native:containerservice:ManagedCluster::cluster": {"outputs": {}},
        f"{cluster}::cluster": {"outputs": {"sent": outputs["sent"]}},
    }


def count_and_ignored(done):
    cluster = done.one(":ManagedCluster")
    (pool,) = cluster.inputs["agentPoolProfiles"]
    return pool.get("count"), list(cluster.request.ignoreChanges)


def test_autoscaled_inline_pool_has_a_count_while_nothing_of_the_cluster_changes(register):
    """Of a change of anything, whatever has to be known for it, the count is no part."""
    made = register()
    once = (3, ["agentPoolProfiles[0].count"])
    assert count_and_ignored(made) == once
    assert count_and_ignored(register(state=left(made))) == once

    several = register(args={"joinable_subnets": {"nodes-system": SUBNET, "nodes-general": SUBNET}})
    more = {"joinable_subnets": {"nodes-system": SUBNET, "nodes-general": SUBNET, "nodes-general2": SUBNET}}
    assert count_and_ignored(register(state=left(several), args=more)) == once, (
        "a subnet of another pool is no change of the cluster"
    )

    for change in (
        {"pool": {"autoscaling": {"min": 2, "max": 6}}},
        {"pool": {"labels": {"a": "b"}}},
        {"image_cleaner_hours": 72},
        {"kubernetes_version": "1.36.2"},
        {"break_glass": [{"name": "emergency", "members": [GROUP]}]},
        {"args": {"administrators": [GROUP]}},
        {"args": {"said_beside": ["another workspace"]}},
        {"args": {"tags": {"a": "b"}}},
    ):
        assert count_and_ignored(register(state=left(made), **change)) == (None, []), change


def test_fixed_inline_pool_is_sent_as_it_is_declared_now(register):
    done = register(pool={"autoscaling": None, "count": 4})
    assert count_and_ignored(done) == (4, [])


@pytest.mark.parametrize(
    ("is_new", "version", "said"),
    [(True, "1.35.6", None), (True, "1.34.9", "1.34.9"), (False, "1.34.9", None)],
)
def test_only_a_new_cluster_behind_its_control_plane_says_the_pools_version(register, is_new, version, said):
    done = register(pool={"version": version}, args={"is_new": is_new})
    (pool,) = done.one(":ManagedCluster").inputs["agentPoolProfiles"]

    assert pool.get("orchestratorVersion") == said


@pytest.mark.parametrize(
    "pool",
    [
        {},
        {"autoscaling": None, "count": 3},
        {"labels": {"app.kubernetes.io/part_of": "x"}, "taints": ["CriticalAddonsOnly=true:NoSchedule"]},
        {"fips": True, "os_disk_gb": 128, "zones": ["1", "2", "3"], "encryption_at_host": False},
    ],
)
def test_deployment_holds_the_inline_pool_and_its_version(register, pool):
    done = register(pool={"version": "1.34.9", **pool}, args={"is_new": True})
    (inline,) = done.one(":ManagedCluster").inputs["agentPoolProfiles"]
    deployment = done.one(":Deployment", "system-pool-version").inputs
    (resource,) = deployment["properties"]["template"]["resources"]

    assert deployment["properties"]["mode"] == "Incremental"
    assert resource["type"] == "Microsoft.ContainerService/managedClusters/agentPools"
    assert resource["name"] == "aks-test/system"
    assert resource["apiVersion"] == "2025-09-01"
    del inline["name"], inline["orchestratorVersion"]  # of a new cluster that is behind
    if inline["enableAutoScaling"]:
        del inline["count"]  # the pool is there when the deployment comes
    assert resource["properties"] == {**inline, "orchestratorVersion": "1.34.9"}


def test_a_change_of_the_cluster_alone_is_one_change(register):
    """Nothing of the system pool goes with it, since the cluster repeats the pool as it is declared."""

    def template(**changes):
        return register(**changes).one(":Deployment").inputs["properties"]["template"]

    assert template(kubernetes_version="1.36.2") == template()
    assert template(image_cleaner_hours=72) == template()


def test_both_are_waited_for_as_long_as_the_system_pools_upgrade_may_take(register):
    done = register(pool={"autoscaling": {"min": 3, "max": 40}, "upgrade": {"max_surge": "1"}})
    minutes = 40 * (15 + 30 + 5)  # a node comes and goes, drains to its end, soaks

    def limits(type_):
        said = done.one(type_).request.customTimeouts
        return {said.create, said.update, said.delete}

    assert limits(":Deployment") == {f"{minutes}m"}
    assert limits(":ManagedCluster") == {f"{minutes + 120}m"}


def test_deployment_comes_after_the_cluster(register):
    done = register()

    assert depends_on(done.one(":Deployment"), done.one(":ManagedCluster"))


def test_identity_may_join_the_subnets_before_the_cluster_is_there(register):
    done = register()
    (role,) = done.of(":RoleAssignment")
    identity = done.one(":UserAssignedIdentity")

    assert role.inputs == {
        "scope": SUBNET,
        "principalId": "principal-of-cluster",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
    }
    cluster = done.one(":ManagedCluster")
    assert depends_on(cluster, role)
    assert cluster.inputs["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": [f"{SUBSCRIPTION}/{identity.type}/cluster"],
    }


def test_identity_may_write_to_a_private_dns_zone_of_your_own(register):
    zone = f"{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
    done = register(api_server={"access": "private", "private_dns_zone": zone})

    assert {role.inputs["scope"] for role in done.of(":RoleAssignment")} == {SUBNET, zone}
    assert done.one(":ManagedCluster").inputs["apiServerAccessProfile"]["privateDNSZone"] == zone


def test_cluster_is_protected_when_told_and_never_deleted_first(register):
    request = register(args={"protect": True}).one(":ManagedCluster").request

    assert request.protect
    assert request.deleteBeforeReplaceDefined
    assert not request.deleteBeforeReplace
    assert not register().one(":ManagedCluster").request.protect


def test_provider_applies_on_the_servers_side_with_a_kubeconfig_without_credentials(register):
    done = register(login="workloadidentity")
    inputs = done.one("pulumi:providers:kubernetes").inputs
    user = json.loads(inputs["kubeconfig"])["users"][0]["user"]

    assert inputs["enableServerSideApply"] == "true"
    # Changed in place, as everything else is.
    assert inputs["enableConfigMapMutable"] == inputs["enableSecretMutable"] == "true"
    assert set(user) == {"exec"}
    assert "workloadidentity" in user["exec"]["args"]
    # Not replaced, and its objects with it, because a login mode changed.
    assert (
        inputs["clusterIdentifier"] == f"{SUBSCRIPTION}/azure-native:containerservice:ManagedCluster/cluster"
    )


def azure_invokes(done):
    return [one for one in done.invokes if not one[0].startswith("pulumi:")]


def test_only_the_exec_kubeconfig_of_a_user_is_asked_for(register):
    assert azure_invokes(register()) == [
        (
            "azure-native:containerservice:listManagedClusterUserCredentials",
            {"resourceGroupName": "rg", "resourceName": "aks-test", "format": "exec"},
        )
    ]


def test_kubeconfig_is_not_asked_for_before_there_is_a_cluster(register):
    assert azure_invokes(register(dry_run=True)) == []


def test_component_registers_what_others_need(register):
    done = register()
    outputs = done.outputs[done.one(":AksCluster").urn]

    assert outputs["version"] == "1.35.6"
    assert outputs["summary"] == {
        "name": "aks-test",
        "resourceGroup": "rg",
        "id": f"{SUBSCRIPTION}/azure-native:containerservice:ManagedCluster/cluster",
        "location": "westeurope",
        "tier": "Standard",
        "supportPlan": "KubernetesOfficial",
        "nodeResourceGroup": "MC_x",
        "oidcIssuerUrl": "https://oidc.example/",
    }


def test_children_are_parented(register):
    done = register(break_glass=[{"name": "emergency"}])
    cluster, identity = done.one(":AksCluster"), done.one(":ClusterIdentity")

    assert {one.name for one in done.registered if one.request.parent == cluster.urn} == {
        "cluster",
        "emergency",
        "system-pool-version",
    }
    assert done.one(":UserAssignedIdentity").request.parent == identity.urn
