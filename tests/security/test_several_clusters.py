"""What the pack knows of a stack with several clusters."""

import json

import pytest
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from tests.security.helpers import TODAY

FIRST = {"name": "a", "kubernetesVersion": "1.35.6", "breakGlass": [{"name": "x", "objectId": "1"}]}
BLUE = {"name": "b", "kubernetesVersion": "1.9.10", "breakGlass": [{"name": "y", "objectId": "2"}]}


def test_the_lowest_version_counts_and_the_groups_of_all():
    stack = {
        "secure-aks:cluster": json.dumps(FIRST),
        "secure-aks:clusters": json.dumps({"blue": {"cluster": BLUE}}),
    }
    both = configure(load_rules(), stack)
    assert both.problems == ()
    assert both.kubernetes_version == "1.9.10"
    assert (both.facts["kubernetesMinor"], both.facts["breakGlassGroups"]) == (9, ["1", "2"])


def test_a_single_cluster_is_as_it_was():
    assert configure(load_rules(), {"secure-aks:cluster": FIRST}).facts["breakGlassGroups"] == ["1"]
    assert configure(load_rules(), {"secure-aks:cluster": FIRST, "secure-aks:clusters": "no"}).problems


BACKUP = {"snapshotGroup": "snapshots"}
ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
LET_IN = {
    "azure-native:containerservice:TrustedAccessRoleBinding": {
        "roles": ["Microsoft.DataProtection/backupVaults/backup-operator"],
        "sourceResourceId": "/subscriptions/s/vault",
    },
    "azure-native:authorization:RoleAssignment": {
        "roleDefinitionId": f"{ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c",
        "scope": "/subscriptions/s/resourceGroups/snapshots",
    },
}


def refused(stack):
    judge = Judge(load_rules(), configure(load_rules(), stack), TODAY, Record())
    resources = [Resource(token, "urn", "it", said) for token, said in LET_IN.items()]
    return {one.rule.id for resource in resources for one in judge.judge(resource)}


@pytest.mark.parametrize(
    "stack",
    [
        {"secure-aks:cluster": {**FIRST, "backup": BACKUP}},
        {
            "secure-aks:cluster": FIRST,
            "secure-aks:clusters": {"blue": {"cluster": {**BLUE, "backup": BACKUP}}},
        },
        {
            "secure-aks:cluster": {**FIRST, "backup": {"snapshotGroup": "others"}},
            "secure-aks:clusters": {"blue": {"cluster": {**BLUE, "backup": BACKUP}}},
        },
    ],
    ids=["first", "further", "both"],
)
def test_a_vault_is_let_in_where_a_cluster_is_backed_up(stack):
    assert refused(stack) == set()


def test_and_nowhere_else():
    assert refused({"secure-aks:cluster": FIRST}) == {"cluster-trusted-access", "azure-wide-role"}


def test_what_a_further_cluster_brings_along_is_aks_s_own_too():
    stack = {
        "secure-aks:cluster": FIRST,
        "secure-aks:clusters": {
            "blue": {"cluster": {**BLUE, "backup": BACKUP, "gitops": {"branch": "main"}, "ingress": {}}}
        },
    }
    namespaces = configure(load_rules(), stack).facts["systemNamespaces"]
    assert {"flux-system", "dataprotection-microsoft", "app-routing-system"} <= {*namespaces}
