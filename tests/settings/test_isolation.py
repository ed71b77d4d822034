"""What each degree of isolation needs, and whose nodes a pool may be."""

import re

import pytest
import yaml

from tests.settings.helpers import GONE, Case, good, read, refuse

POOLS = "secure-aks:pools"
GENERAL, SANDBOX = f"{POOLS}[0]", f"{POOLS}[3]"
PAYMENTS, PARTNERS = "secure-aks:teams[0]", "secure-aks:teams[1]"
NODES = {"teams[1].isolation": "nodes"}

CASES = [
    Case("sandbox without nodes", {"pools[3]": GONE}, f"{PARTNERS}.isolation", "the pods of partners are to run on nodes of their own, and no pool is theirs", "add to secure-aks:pools: `- {name: partners, namespace: partners, version: 1.35.6, vmSize: Standard_D4s_v5, osSku: AzureLinux, sandboxed: true,"),
    Case("nodes without a pool", {"teams[0].isolation": "nodes"}, f"{PAYMENTS}.isolation", "no pool is theirs", "add to secure-aks:pools: `- {name: payments, namespace: payments, version: 1.35.6, vmSize: Standard_D4ds_v5, osSku: Ubuntu2404,"),
    Case("nodes of a name that is taken", {**NODES, "pools[3].namespace": GONE, "pools[3].name": "partners"}, f"{PARTNERS}.isolation", "no pool is theirs", "`- {name: partners2,"),
    Case("sandbox on nodes without sandboxes", {"pools[0].namespace": "partners", "pools[3].namespace": GONE}, f"{PARTNERS}.isolation", f"{GENERAL} is of partners, whose pods run in virtual machines, and is not sandboxed", f"and give {GENERAL} up"),
    Case("sandbox while the old nodes are there", {"pools[0].namespace": "partners"}, f"{PARTNERS}.isolation", f"{GENERAL} is of partners", f"let {GENERAL} go first, while the team has `isolation: nodes`"),
    Case("a cluster with others", {"teams[1].isolation": "cluster"}, f"{PARTNERS}.isolation", "a cluster of partners's own is shared with nobody, and in this one payments runs too", "or keep it in a stack of its own (docs/isolation.md"),
    Case("nodes of nobody", {"pools[0].namespace": "paiments"}, f"{GENERAL}.namespace", "no team has the namespace 'paiments'", "did you mean `payments`?"),
    Case("a typo", {"pools[3].namespace": "partner"}, f"{SANDBOX}.namespace", "no team has the namespace 'partner'", "did you mean `partners`?"),
    Case("nodes without teams", {"teams": []}, f"{SANDBOX}.namespace", "no team has the namespace 'partners'", "add the team"),
    Case("system nodes", {"pools[0].namespace": "payments", "pools[0].mode": "System"}, f"{GENERAL}.namespace", "AKS's own pods", "`mode: User`"),
    Case("the system pool", {"systemPool.namespace": "payments"}, "secure-aks:systemPool.namespace", "AKS's own pods", "remove the key"),
    Case("the label by hand", {"pools[0].labels": {"secure-aks/namespace": "payments"}}, f"{GENERAL}.labels", "says whose the nodes are", "write `namespace: <the team's>`"),
    Case("the taint by hand", {"pools[0].taints": ["secure-aks/namespace=payments:NoSchedule"]}, f"{GENERAL}.taints", "says whose the nodes are", "write `namespace: <the team's>`"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("degree", ["nodes", "sandbox"])
def test_the_pool_of_the_message_may_be_pasted(degree):
    _, [finding] = read({"teams[0].isolation": degree})
    match = re.search(r"`- (\{.*\})`", finding.remedy)
    assert match
    pool = yaml.safe_load(match[1])
    [own] = [
        one
        for one in good({"teams[0].isolation": degree, "pools[4]": pool}).pools
        if one.namespace == "payments"
    ]
    assert own.sandboxed is (degree == "sandbox")
    assert own.all_taints == ("secure-aks/namespace=payments:NoSchedule",)
    assert own.all_labels == {"secure-aks/namespace": "payments"}


def test_nodes_may_come_before_the_word():
    stack = good({"teams[1].isolation": "namespace"})
    assert stack.pools[3].namespace == "partners"
    assert not any(team.has_own_nodes for team in stack.teams)


def test_a_team_may_have_several_pools():
    good({**NODES, "pools[0].namespace": "partners"})


def test_a_team_alone_has_its_cluster():
    alone = good({"teams[0]": GONE, "teams[0].isolation": "cluster", "pools[3].namespace": GONE})
    assert [team.isolation for team in alone.teams] == ["cluster"]


def test_without_the_word_a_team_has_its_namespace():
    assert good().teams[0].isolation == "namespace"
