"""A lock on the cluster: what it is on, what it comes after, what it holds, and what is told before Azure refuses."""

import pulumi
import pytest

from components.parts.token_resource import TokenResource
from components.program.lock import _BELOW, lock
from emulator.cloud.cloud import Cloud
from tests.asked.keys import FOLDER, config
from tests.asked.life import OnArm, program, stand_there
from tests.components.helpers import Run, depends_on, run
from tests.emulator.azure_provider import Azure, refused
from tests.settings.helpers import good

CLUSTER = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"


def register(*, on: bool) -> Run:
    def made():
        found: list[pulumi.Resource] = [TokenResource("azure-native:containerservice:AgentPool", "pool", {})]
        lock(good({"cluster.lock": on}), CLUSTER, found, found)

    return run(made)


def test_the_lock_is_on_the_cluster_and_comes_after_everything():
    done = register(on=True)
    made = done.one(":ManagementLockByScope")

    assert (made.inputs["scope"], made.inputs["level"]) == (CLUSTER, "CanNotDelete")
    assert depends_on(made, done.one(":AgentPool"))
    assert register(on=False).of(":ManagementLockByScope") == []


NATIVE = "azure-native:"
STACK = "urn:pulumi:dev::secure-aks::"
AT = {"scope": CLUSTER}
NEW, OLD = "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e50", "6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e51"


def urn(kind, name, within=""):
    return f"{STACK}{within}secure-aks:index:Part${NATIVE}{kind}::{name}"


def told(monkeypatch, state, *, on=True, dry_run=True):
    """What a preview says of a program that has the pool system and the group of payments, by the state that is there."""
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", lambda text, *_: said.append(text))

    def made():
        made = [
            TokenResource(f"{NATIVE}containerservice:AgentPool", "system", {}),
            TokenResource(f"{NATIVE}authorization:RoleAssignment", "payments-cluster-user", AT),
        ]
        group = {"name": "payments", "role": "developer", "objectId": NEW}
        lock(good({"cluster.lock": on, "teams[0].groups": [group]}), CLUSTER, [], made)

    run(made, dry_run=dry_run, state={urn: {"outputs": outputs} for urn, outputs in state.items()})
    return said


HELD = {
    urn("containerservice:AgentPool", "system"): {},
    urn("authorization:RoleAssignment", "payments-cluster-user"): AT,
}
GOES = {
    "the pool old": {urn("containerservice:AgentPool", "old"): {}},
    "the group auditors": {urn("authorization:RoleAssignment", "auditors-cluster-user"): AT},
    "the role backup-vault-cluster": {urn("authorization:RoleAssignment", "backup-vault-cluster"): {"scope": CLUSTER.upper()}},
    "the role of-a-namespace": {urn("authorization:RoleAssignment", "of-a-namespace"): {"scope": f"{CLUSTER}/namespaces/a"}},
    "the window maintenance-upgrades": {urn("containerservice:MaintenanceConfiguration", "maintenance-upgrades"): {}},
    "the group payments with its old objectId": {
        urn("authorization:RoleAssignment", "payments-cluster-user"): {**AT, "principalId": OLD}
    },
    "the trusted access backup-access": {urn("containerservice:TrustedAccessRoleBinding", "backup-access"): {}},
    "the extension gitops": {urn("kubernetesconfiguration:Extension", "gitops"): {}},
    "the Flux configuration gitops": {urn("kubernetesconfiguration:FluxConfiguration", "gitops"): {}},
    "the collection of metrics": {urn("monitor:DataCollectionRuleAssociation", "metrics"): {}},
    "the diagnostic setting called older (audit.diagnosticSetting)": {
        urn("monitor:DiagnosticSetting", "system"): {"name": "older"}, urn("monitor:Nothing", "x"): {}
    },
}  # fmt: skip
STAYS = {
    "what is held": {},
    "a group that is the same": {urn("authorization:RoleAssignment", "payments-cluster-user"): {**AT, "principalId": NEW}},
    "a role at something else": {urn("authorization:RoleAssignment", "other"): {"scope": f"{CLUSTER}-2"}},
    "what is in no cluster": {urn("monitor:ActionGroup", "contacts"): {}, urn("dataprotection:BackupInstance", "a"): {}},
    "another cluster's": {urn("containerservice:AgentPool", "old", "secure-aks:clusters:other$"): {}},
}  # fmt: skip


@pytest.mark.parametrize(("words", "state"), GOES.items(), ids=GOES)
def test_what_would_go_is_told_at_preview(monkeypatch, words, state):
    [said] = told(monkeypatch, HELD | state)
    assert f"{words}" in said.partition(" would go")[0]
    assert "`lock: false`" in said
    assert told(monkeypatch, HELD | state, on=False) == []


def test_all_of_it_is_told_at_once(monkeypatch):
    [said] = told(monkeypatch, {key: one for state in GOES.values() for key, one in state.items()})
    assert all(words in said for words in GOES)


@pytest.mark.parametrize("state", STAYS.values(), ids=STAYS)
def test_nothing_is_told_where_nothing_goes(monkeypatch, state):
    assert told(monkeypatch, HELD | state) == []
    assert told(monkeypatch, state) == []


def test_an_up_ends_before_azure_is_asked(monkeypatch):
    with pytest.raises(Exception, match="the pool old would go"):
        told(monkeypatch, GOES["the pool old"], dry_run=False)


def around(monkeypatch, **changes):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    values = config(FOLDER / "around.yaml")
    for key, value in changes.items():
        values["secure-aks:cluster"][key] = value
    return values


def test_every_kind_that_the_program_makes_below_a_cluster_is_known(monkeypatch):
    """Each resource with the cluster in its path is one that is told of; a new kind would be forgotten else."""
    values = config(FOLDER / "features.yaml") | around(monkeypatch)
    values["secure-aks:cluster"] |= {
        "monitoring": config(FOLDER / "features.yaml")["secure-aks:cluster"]["monitoring"]
    }
    azure = Azure(Cloud())
    stand_there(azure, values)
    answers = OnArm(azure)
    program(values, "dev", answers)
    below = {
        f"{NATIVE}{type_}"
        for (type_, _), made in answers.made.items()
        if "/managedclusters/aks-around/" in made.id.lower()
    }
    assert below >= {
        f"{NATIVE}kubernetesconfiguration:FluxConfiguration",
        f"{NATIVE}monitor:DataCollectionRuleAssociation",
    }
    assert below - _BELOW.keys() <= {
        f"{NATIVE}authorization:RoleAssignment",
        f"{NATIVE}authorization:ManagementLockByScope",
    }


def test_backups_and_flux_that_are_taken_out_again_are_told(monkeypatch):
    values, azure = around(monkeypatch), Azure(Cloud())
    stand_there(azure, values)
    answers = OnArm(azure)
    state = {one.urn: {"outputs": one.inputs} for one in program(values, "dev", answers).registered}
    for key in ("backup", "gitops"):
        del values["secure-aks:cluster"][key]
    answers.state = state
    with pytest.raises(Exception, match=r"cluster\.lock\n") as refusal:
        program(values, "dev", answers)
    gone = str(refusal.value).partition("why:")[2].partition(" would go")[0]
    assert {"backup-access", "backup-extension", "backup-vault-cluster", "gitops"} <= {
        word.rpartition(" ")[2] for word in gone.split(", ")
    }


def test_azure_lets_nothing_go_below_the_lock_and_all_of_it_once_it_is_gone(monkeypatch):
    values, azure = around(monkeypatch), Azure(Cloud())
    stand_there(azure, values)
    answers = OnArm(azure)
    program(values, "dev", answers)
    kinds = {type_: made for (type_, _), made in answers.made.items()}
    for held in ("containerservice:ManagedCluster", "monitor:DiagnosticSetting"):
        with refused("ScopeLocked"):
            azure.delete(kinds[held])
    azure.delete(kinds["authorization:ManagementLockByScope"])
    azure.delete(kinds["monitor:DiagnosticSetting"])
