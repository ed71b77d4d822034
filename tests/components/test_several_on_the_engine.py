"""docs/several-clusters.md on the real engine: a second cluster comes up, is upgraded after the first, and does not go by a deleted line."""

import re
from pathlib import Path

import pytest
import typer
from pulumi.automation.errors import CommandError
from secure_aks_lifecycle.clock import now
from secure_aks_lifecycle.facts.catalog import Catalog

from emulator.cloud.cloud import Cloud
from emulator.lab import Lab
from tests.components.test_on_the_engine import ROOT, Project
from tests.lab_stack import enter
from tests.settings.test_own_cluster import LINES
from tests.upgrades.builders import v
from tests.upgrades.fakes import Killed, Silent, cut_off
from upgrades.commands.change.running import begins
from upgrades.engine.interrupts import Interrupts
from upgrades.journal.progress import Progress, State
from upgrades.model.view import View
from upgrades.plan.planner import plan
from upgrades.rollout.run import Rollout
from upgrades.session import session as sessions
from upgrades.session.session import Session

PAGE = (ROOT / "docs" / "several-clusters.md").read_text(encoding="utf-8")
FURTHER, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
UP_STARTED = 4
"""The entry of a rollout's journal that says so: after the beginning, the gates and the edit."""


def upgraded_one_after_the_other(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spot pool of each cluster takes the patch; the first rollout is killed before its `up`, and resumed."""
    folder = project.file.parent
    with monkeypatch.context() as patch, Lab(project.stack.lab_folder) as lab:
        enter(patch, lab)
        patch.setattr(sessions, "PACKS", tuple(project.stack.packs))
        # This lab has no API server, so nothing in the cluster can be asked.
        patch.setattr(Session, "check", lambda *_: [])
        patch.setattr(Session, "view", lambda *_: View(at=now()))
        cloud = Cloud(project.stack.lab_folder / "cloud.json")
        begun = len(cloud.events())
        with patch.context() as cut:
            cut_off(cut, UP_STARTED, "after")
            with pytest.raises(Killed):
                rolled_out(Session(folder, "dev"), start=True)
        with pytest.raises(typer.Exit):
            begins(Session(folder, "dev/blue"))
        for name in ("dev", "dev/blue"):
            session = Session(folder, name)
            assert rolled_out(session, start=name != "dev").state is State.DONE
            assert str(session.running().of("spot")) == "1.35.6"
            begins(session)
        changed = [one for one in cloud.events()[begun:] if "currentOrchestratorVersion" in one["changed"]]
        done = [(one["id"].split("/")[-3], one["name"]) for one in changed]
        assert done == [("aks-dev", "spot"), ("aks-blue", "spot")]


def rolled_out(session: Session, *, start: bool) -> Progress:
    with session.kept.open() as journal:
        run = Rollout(journal, session.edges(Silent(), Interrupts()))
        if start:
            made = plan(session.observed().cluster, v("1.35.6"), Catalog.load(), now().date())
            assert [step.target for step in made.steps] == ["spot"]
            run.start(made.steps)
        return run.run()


def another_pool_in_both(project: Project) -> None:
    """A pool that both have comes and goes by hand, as the page says."""
    said = project.file.read_text()
    entry = re.search(r"(?m)^    - name: win\n(      .*\n)*", said)
    assert entry
    beside = entry[0].replace("name: win", "name: win2").replace("Standard_D4ds_v5", "Standard_D8ds_v5")
    both = said.replace(entry[0], entry[0] + beside).replace("win: 1.35.6,", "win: 1.35.6, win2: 1.35.6,")
    empty = entry[0].replace("autoscaling: {min: 1, max: 2}", "count: 0")
    last = said.replace(entry[0], beside).replace("win: 1.35.6,", "win2: 1.35.6,")
    assert len({entry[0], beside, empty, both, last}) == len(("old", "new", "empty", "both", "last"))
    # Of each cluster the component and its pool.
    for text, changes in (
        (both, {"create": 4}),
        (both.replace(entry[0], empty), {"update": 2}),
        (last, {"delete": 4}),
    ):
        project.file.write_text(text)
        summary = project.stack.up().summary.resource_changes
        assert {key: summary.get(key) for key in changes} == changes, summary
        assert summary.keys() <= {"same", "update", *changes}, summary
    state = Cloud(project.stack.lab_folder / "cloud.json").view()
    pools = [one.name for one in state.of_type("Microsoft.ContainerService/managedClusters/agentPools")]
    assert pools.count("win2") == len(("aks-dev", "aks-blue"))
    assert "win" not in pools


@pytest.mark.soak
def test_a_second_cluster_of_a_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path)
    project.stack.packs = [str(ROOT / "policies" / name) for name in ("security", "lifecycle")]
    alone = project.file.read_text()
    project.stack.up()
    first = {one["urn"] for one in project.stack.resources()}

    project.file.write_text(f"{alone.rstrip()}\n{FURTHER}")
    changes = project.stack.up().summary.resource_changes
    assert set(changes) <= {"create", "same", "update", "read"}
    assert first <= {one["urn"] for one in project.stack.resources()}
    with Cloud(project.stack.lab_folder / "cloud.json").change() as state:
        clusters = {one.name for one in state.of_type("Microsoft.ContainerService/managedClusters")}
    assert clusters == {"aks-dev", "aks-blue"}
    outputs = project.stack.outputs()
    assert outputs["clusters"]["blue"]["cluster"]["name"] == "aks-blue"
    assert set(project.stack.preview().change_summary) == {"same"}

    upgraded_one_after_the_other(project, monkeypatch)
    upgraded = project.file.read_text()

    another_pool_in_both(project)

    for _ in ("the first", "blue"):
        project.write(r"(kubernetesVersion: )1\.35\.6", r"\g<1>1.36.2")
    with pytest.raises(CommandError, match="only one control plane or one pool may change at a time"):
        project.stack.preview()

    project.file.write_text(upgraded.partition("  secure-aks:clusters:")[0])
    with pytest.raises(CommandError, match="cluster aks-blue would be deleted"):
        project.stack.preview()


@pytest.mark.soak
@pytest.mark.parametrize("was", ["namespace", "sandbox"])
def test_a_team_moves_into_a_cluster_of_its_own(was: str, tmp_path: Path) -> None:
    """docs/isolation.md, A cluster of its own."""
    project = Project(tmp_path)
    project.stack.packs = [str(ROOT / "policies" / name) for name in ("security", "lifecycle")]
    alone = (ROOT / project.file.name).read_text().replace("isolation: sandbox", f"isolation: {was}")
    project.file.write_text(alone)
    project.stack.up()
    first = {one["urn"] for one in project.stack.resources()}
    groups = project.stack.outputs()["groups"]

    own = alone.rstrip().replace(f"isolation: {was}", "isolation: cluster") + "\n" + LINES
    project.file.write_text(own)
    with pytest.raises(CommandError, match=f"Write `movingFrom: {was}` for the team"):
        project.stack.preview()
    moving = f"isolation: cluster\n      movingFrom: {was}"
    project.file.write_text(own.replace("isolation: cluster", moving))
    assert set(project.stack.up().summary.resource_changes) <= {"create", "same", "update", "read"}
    assert first <= {one["urn"] for one in project.stack.resources()}

    project.file.write_text(own)
    project.stack.up()
    outputs = project.stack.outputs()
    assert "partners" not in outputs["namespaces"]
    assert outputs["clusters"]["partners"]["namespaces"] == {"partners": "partners"}
    assert outputs["groups"] | outputs["clusters"]["partners"]["groups"] == groups, "the same people"
    assert set(project.stack.preview().change_summary) == {"same"}
