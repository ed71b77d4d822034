"""A lock on the cluster: what it is on, what it comes after, what it holds, and what is told before Azure refuses."""

import pulumi
import pytest

from components.parts.token_resource import TokenResource
from components.program.lock import check_lock, lock
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
        lock(good({"cluster.lock": on}), CLUSTER, found)

    return run(made)


def test_the_lock_is_on_the_cluster_and_comes_after_everything():
    done = register(on=True)
    made = done.one(":ManagementLockByScope")

    assert (made.inputs["scope"], made.inputs["level"]) == (CLUSTER, "CanNotDelete")
    assert depends_on(made, done.one(":AgentPool"))
    assert register(on=False).of(":ManagementLockByScope") == []


def told(monkeypatch, pools, groups=(), *, on=True, dry_run=True):
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", lambda text, *_: said.append(text))
    record = {"clusters": {"aks": {"pools": {name: {} for name in pools}}}} if pools else None

    def checked():
        before = (pulumi.Output.from_input(value) for value in (record, dict.fromkeys(groups, "id") or None))
        check_lock(good({"cluster.lock": on}), *before)

    run(checked, dry_run=dry_run)
    return said


@pytest.mark.parametrize(
    ("pools", "groups", "words"),
    [
        (("system", "old"), (), "the pool old would go"),
        (("system",), ("payments-developers", "auditors"), "the group auditors would go"),
        (("old", "older"), ("auditors",), "the pool old, the pool older, the group auditors would go"),
    ],
)
def test_what_would_go_is_told_at_preview(monkeypatch, pools, groups, words):
    [said] = told(monkeypatch, pools, groups)
    assert words in said
    assert "`lock: false`" in said
    assert told(monkeypatch, pools, groups, on=False) == []


def test_nothing_is_told_where_nothing_goes(monkeypatch):
    assert told(monkeypatch, ("system", "general"), ("payments-developers",)) == []
    assert told(monkeypatch, ()) == []


def test_an_up_ends_before_azure_is_asked(monkeypatch):
    with pytest.raises(Exception, match="the pool old would go"):
        told(monkeypatch, ("old",), dry_run=False)


def test_azure_lets_nothing_go_below_the_lock_and_all_of_it_once_it_is_gone(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    values = config(FOLDER / "around.yaml")
    azure = Azure(Cloud())
    stand_there(azure, values)
    answers = OnArm(azure)
    program(values, "dev", answers)
    kinds = {type_: made for (type_, _), made in answers.made.items()}
    for held in ("containerservice:ManagedCluster", "monitor:DiagnosticSetting"):
        with refused("ScopeLocked"):
            azure.delete(kinds[held])
    azure.delete(kinds["authorization:ManagementLockByScope"])
    azure.delete(kinds["monitor:DiagnosticSetting"])
