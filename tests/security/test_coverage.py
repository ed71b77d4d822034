"""Everything that Checkov's and PSRule's AKS checks ask is asked here: what a check refuses, its rules refuse."""

import pytest
from secure_aks_lifecycle.rules import RULES as LIFECYCLE_RULES
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import coverage, load_rules
from secure_aks_security.stack import STACK_RULES, Report, Stack
from secure_aks_security.stack_file.configuration import configure

from tests.security.analyzer import urn
from tests.security.build import DELETE, cluster, mutate
from tests.security.helpers import TODAY

CLUSTER = "azure-native:containerservice:ManagedCluster"
STACK = {rule.id: rule() for rule in STACK_RULES}
CHECKS = {check: said for checks in coverage().values() for check, said in checks.items()}
PROVIDER = "addonProfiles.azureKeyvaultSecretsProvider"
NO_ACCESS = {"apiServerAccessProfile": {"authorizedIPRanges": []}}
KUBENET = {"networkProfile.networkPlugin": "kubenet"}
MANAGED_DISK = {"A.osDiskType": "Managed"}
AVAILABILITY_SET = {"A.type": "AvailabilitySet"}
OLD_NAME = {"resourceName": "aks.prod"}
NO_LOGS = NO_WINDOWS = {}  # the cluster alone, with none beside it

# The cluster each check refuses; of those answered otherwise, the one refused here.
REFUSED = {
    "CKV_AZURE_4": {"addonProfiles.omsagent.enabled": False},
    "CKV_AZURE_5": {"enableRBAC": False},
    "CKV_AZURE_6": NO_ACCESS,
    "CKV_AZURE_7": {"networkProfile.networkPolicy": DELETE},
    "CKV_AZURE_8": {"addonProfiles.kubeDashboard": {"enabled": True}},
    "CKV_AZURE_115": {"apiServerAccessProfile.enablePrivateCluster": False},
    "CKV_AZURE_116": {"addonProfiles.azurepolicy.enabled": False},
    "CKV_AZURE_117": {"diskEncryptionSetID": DELETE},
    "CKV_AZURE_141": {"disableLocalAccounts": False},
    "CKV_AZURE_143": {"A.enableNodePublicIP": True},
    "CKV_AZURE_168": {"A.maxPods": 30},
    "CKV_AZURE_169": AVAILABILITY_SET,
    "CKV_AZURE_170": {"sku.tier": "Free"},
    "CKV_AZURE_171": {"autoUpgradeProfile.upgradeChannel": "stable"},
    "CKV_AZURE_172": {f"{PROVIDER}.config.enableSecretRotation": "false"},
    "CKV_AZURE_226": MANAGED_DISK,
    "CKV_AZURE_227": {"A.enableEncryptionAtHost": False},
    "CKV_AZURE_232": {"A.nodeTaints": []},
    "CKV_AZURE_246": {"addonProfiles.httpApplicationRouting": {"enabled": True}},
    "CKV2_AZURE_29": KUBENET,
    "Azure.AKS.AuditAdmin": NO_LOGS,
    "Azure.AKS.AuditLogs": NO_LOGS,
    "Azure.AKS.AuthorizedIPs": NO_ACCESS,
    "Azure.AKS.AutoScaling": {"A.enableAutoScaling": False, "A.count": 3},
    "Azure.AKS.AutoUpgrade": {"autoUpgradeProfile.upgradeChannel": "stable"},
    "Azure.AKS.AvailabilityZone": {"A.availabilityZones": DELETE},
    "Azure.AKS.AzureCNI": KUBENET,
    "Azure.AKS.AzurePolicyAddOn": {"addonProfiles.azurepolicy": DELETE},
    "Azure.AKS.AzureRBAC": {"aadProfile.enableAzureRBAC": False},
    "Azure.AKS.CNISubnetSize": {"A.maxPods": 250},
    "Azure.AKS.ContainerInsights": {"addonProfiles.omsagent": DELETE},
    "Azure.AKS.DNSPrefix": {"dnsPrefix": "aks-"},
    "Azure.AKS.DefenderProfile": {"securityProfile.defender.securityMonitoring.enabled": False},
    "Azure.AKS.EphemeralOSDisk": MANAGED_DISK,
    "Azure.AKS.HttpAppRouting": {"addonProfiles.httpApplicationRouting": {"enabled": True}},
    "Azure.AKS.LocalAccounts": {"disableLocalAccounts": DELETE},
    "Azure.AKS.MaintenanceWindow": NO_WINDOWS,
    "Azure.AKS.ManagedAAD": {"aadProfile": DELETE},
    "Azure.AKS.ManagedIdentity": {"identity": DELETE},
    "Azure.AKS.MinNodeCount": {"A.minCount": 1},
    "Azure.AKS.MinUserPoolNodes": {"A.mode": "User", "A.minCount": 2},
    "Azure.AKS.Name": OLD_NAME,
    "Azure.AKS.Naming": OLD_NAME,
    "Azure.AKS.NetworkPolicy": {"networkProfile.networkPolicy": "none"},
    "Azure.AKS.NodeAutoUpgrade": {"autoUpgradeProfile.nodeOSUpgradeChannel": "None"},
    "Azure.AKS.NodeMinPods": {"A.maxPods": 49},
    "Azure.AKS.PlatformLogs": NO_LOGS,
    "Azure.AKS.PodIdentity": {"podIdentityProfile": {"enabled": True}},
    "Azure.AKS.PoolScaleSet": AVAILABILITY_SET,
    "Azure.AKS.SecretStore": {PROVIDER: DELETE},
    "Azure.AKS.SecretStoreRotation": {f"{PROVIDER}.config": DELETE},
    "Azure.AKS.StandardLB": {"networkProfile.loadBalancerSku": "basic"},
    "Azure.AKS.SystemPoolNaming": {"A.name": "System_Pool"},
    "Azure.AKS.UptimeSLA": {"sku.tier": "Free"},
    "Azure.AKS.UseRBAC": {"enableRBAC": False},
    "Azure.AKS.UserPoolNaming": {"A.mode": "User", "A.name": "Pool-1"},
}


@pytest.fixture(scope="module")
def configuration():
    rules = [*load_rules(), *STACK.values()]
    return configure(rules, {"secure-aks:policies": {"security": {"all": "mandatory"}}})


def test_every_check_of_both_sets_is_there():
    assert {title: len(checks) for title, checks in coverage().items()} == {
        "Checkov": 20,
        "PSRule for Azure": 38,
    }
    lifecycle = {
        check for check, said in CHECKS.items() if all(rule.startswith("lifecycle:") for rule in said.rules)
    }
    assert CHECKS.keys() - lifecycle == REFUSED.keys()
    known = {f"lifecycle:{rule.id}" for rule in LIFECYCLE_RULES}
    assert {rule for check in lifecycle for rule in CHECKS[check].rules} <= known


@pytest.mark.parametrize("check", REFUSED)
def test_what_the_check_refuses_its_rules_refuse(configuration, check):
    assert refusing(configuration, REFUSED[check]) & set(CHECKS[check].rules)


def test_the_cluster_they_start_from_is_refused_by_none(configuration):
    """But for what stands beside a cluster, which it has none of."""
    beside = {"cluster-audit-log", "cluster-lock", "cluster-platform-logs", "cluster-maintenance-windows"}
    assert refusing(configuration, {}) == beside


def refusing(configuration, changes):
    """The rules that refuse the happy cluster with these changes, on a subnet that its pool just fits."""
    subnet_type = "azure-native:network:Subnet"
    properties = mutate(cluster(), changes)
    aks = Resource(
        CLUSTER,
        urn(CLUSTER, "aks"),
        "aks",
        properties,
        depends={"agentPoolProfiles": [urn(subnet_type, "n")]},
    )
    subnet = Resource(subnet_type, urn(subnet_type, "n"), "n", {"addressPrefix": "10.0.0.0/22"})
    judge = Judge(load_rules(), configuration, TODAY, Record())
    found = {finding.rule.id for finding in judge.judge(aks)}
    stack = Stack([aks, subnet], configuration, Record(), TODAY)
    for name, rule in STACK.items():
        rule.check(stack, Report(lambda *_, name=name: found.add(name)))
    return found
