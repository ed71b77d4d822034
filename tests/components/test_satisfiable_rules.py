"""Every rule about clusters and pools that a stack may switch on, it can satisfy as well: from the stack file alone."""

from datetime import date

import pytest
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES, Stack
from secure_aks_security.stack.base import Report
from secure_aks_security.stack_file.configuration import configure

from components.aks_cluster import AksCluster, AksClusterArgs
from components.args.control_plane import ControlPlaneArgs
from components.args.like import like
from components.args.logs import AuditArgs
from components.args.pools import PoolArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.program.lock import lock
from tests.components.helpers import SUBNET, SUBSCRIPTION, WORKSPACE, run
from tests.settings.helpers import good, stack

KEY = "https://kv-aks.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef"
KEY_SET = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/des"
VAULT = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-aks"
SATISFIED = {
    "cluster-azure-rbac": {"cluster.azureRbac": True},
    "cluster-container-insights": {"cluster.monitoring.containerInsights": True},
    "cluster-disk-encryption-set": {"cluster.encryption": {"diskEncryptionSet": KEY_SET}},
    "cluster-kms": {"cluster.encryption": {"etcd": {"id": KEY, "vault": VAULT, "vaultNetwork": "Public"}}},
    "cluster-lock": {"cluster.lock": True},
    "cluster-outbound-firewall": {
        "network": {"existing": {"subnets": [{"id": SUBNET, "cidr": "10.1.0.0/20"}], "addressSpaces": ["10.1.0.0/16"]}},
        "cluster.outboundType": "userDefinedRouting",
    },
    "cluster-platform-logs": {
        "audit.categories": ["kube-audit", "guard", "cluster-autoscaler", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
        "audit.metrics": True,
    },
    "cluster-private": {"cluster.apiServer": {"access": "private"}},
    "cluster-secret-store": {"cluster.addons": {"keyVaultSecrets": {}}},
    "pool-ephemeral-os-disk": {"systemPool.osDiskType": "Ephemeral"},
    "pool-fips": {"systemPool.fips": True, "systemPool.osSku": "AzureLinux"},
    "pool-processes": {"systemPool.kubelet": {"mostProcesses": 4096}},
    "pool-system-taint": {"systemPool.taints": ["CriticalAddonsOnly=true:NoSchedule"]},
    "pool-user-nodes": {},
}  # fmt: skip
NOT_YET = {
    "cluster-private": {
        "environment": "dev",
        "cluster.apiServer": {"access": "ip-restricted", "authorizedIpRanges": ["203.0.113.0/24"]},
    },
    "pool-user-nodes": None,
}
AREAS = {"clusters", "pools"}
OFF = {rule.id: rule for rule in load_rules() if rule.level is Level.DISABLED and rule.area.name in AREAS}
OFF_OF_STACK = {rule.id: rule for rule in STACK_RULES if rule.level is Level.DISABLED}


def registered(changes, own_network):
    """What the settings register of a cluster: the cluster, its deployment, its diagnostic settings."""
    settings = good(changes)

    def program():
        audit = AuditLog(
            "audit",
            AuditLogArgs(
                "rg", "log", like(AuditArgs, {**settings.audit.model_dump(), "workspace_id": WORKSPACE})
            ),
        )
        args = AksClusterArgs(
            "rg",
            like(ControlPlaneArgs, settings.cluster),
            like(PoolArgs, settings.system_pool),
            own_network("system").pool_subnet_ids["system"],
            audit.workspace_id,
        )
        cluster = AksCluster("cluster", args)
        audit.record(cluster.id)
        lock(settings, cluster.id, [cluster], ())

    done = run(program)
    return [
        Resource(one.type, one.urn, one.name, one.inputs, depends={key: list(item.urns) for key, item in one.request.propertyDependencies.items()})
        for one in done.registered
        if one.type.startswith("azure-native:")
    ]  # fmt: skip


def findings(rule, resources, changes):
    config = {f"secure-aks:{key}": value for key, value in stack(changes).items()}
    config["secure-aks:policies"] = {"security": {rule: "mandatory"}}
    configuration = configure([*load_rules(), *(one() for one in STACK_RULES)], config)
    assert configuration.problems == ()
    if rule in OFF:
        judge = Judge(load_rules(), configuration, date(2026, 11, 23), Record())
        return [found.message for one in resources for found in judge.judge(one, only=rule)]
    said: list[str] = []
    report = Report(lambda message, _urn=None: said.append(message))
    settings = configuration.settings[rule]
    OFF_OF_STACK[rule]().check(
        Stack(resources, configuration, Record(), date(2026, 11, 23), settings.parameters), report
    )
    return said + report.unknown_words


def test_each_rule_that_is_off_has_a_way():
    assert SATISFIED.keys() == OFF.keys() | OFF_OF_STACK.keys()


@pytest.mark.parametrize("rule", SATISFIED)
def test_a_rule_that_is_switched_on_can_be_satisfied(rule, own_network):
    before = NOT_YET.get(rule, {})
    if before is not None:
        assert findings(rule, registered(before, own_network), before), "the happy path does not break it"
    changes = SATISFIED[rule]
    assert findings(rule, registered(changes, own_network), changes) == []
