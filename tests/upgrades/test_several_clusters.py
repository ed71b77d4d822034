"""Clusters of one stack, each by its own name: what a session sees of one, what is edited, and that they go one after another."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from settings import SettingsError
from tests import command_line
from tests.settings.test_clusters import FOUR_LINES
from tests.upgrades.builders import v
from upgrades.cli import main
from upgrades.files import edit
from upgrades.files.yaml_nodes import EditError
from upgrades.journal.progress import step_data
from upgrades.lab import JOURNALS
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.model.steps import Duration, Step
from upgrades.observe.stacks import clusters_of_ours
from upgrades.session import session as sessions
from upgrades.session.session import Session

GONE = {"host": "elsewhere", "pid": 1, "began": "1"}
COMMANDS = (
    "common",
    *(f"look.{name}" for name in ("check", "plan", "next", "windows", "report", "status")),
    *(f"change.{name}" for name in ("running", "rollout", "abort")),
)
RAN = {
    name: {"controlPlane": {"version": version}, "pools": {"spot": {"version": "1.35.5"}}}
    for name, version in (("aks-dev", "1.35.7"), ("aks-blue", "1.35.6"))
}


@pytest.fixture
def outputs():
    """What the Pulumi stack says."""
    blue = {"cluster": {"name": "aks-blue", "id": "/blue"}, "kubeconfig": "blue's"}
    return {
        "versions": {"schema": 1, "clusters": RAN},
        "cluster": {"name": "aks-dev", "id": "/dev"},
        "kubeconfig": "dev's",
        "clusters": {"blue": blue},
    }


@pytest.fixture
def opened():
    """The stacks that were asked of the CLI, each with the file that notes its engine."""
    return []


@pytest.fixture
def project(tmp_path, monkeypatch, outputs, opened):
    """The shipped stacks, the first of which has a second cluster; only that one is up."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.delenv(JOURNALS, raising=False)
    command_line.stack_files(tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(path.read_text() + FOUR_LINES)

    def stack(_folder, name, _packs, engine):
        opened.append((name, engine.path.name))
        return SimpleNamespace(outputs=lambda: outputs if name == "dev" else {}, version="3")

    monkeypatch.setattr(sessions, "CheckedStack", stack)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(project, monkeypatch, capfd):
    """Run a command in this process, where the CLI is not asked."""

    def ran(*words, code=0):
        for name in COMMANDS:
            module = sys.modules[f"upgrades.commands.{name}"]
            for console in {"out", "err"} & vars(module).keys():
                monkeypatch.setattr(module, console, Console(width=300, stderr=console == "err"))
        monkeypatch.setattr(sys, "argv", ["upgrades", *words])
        try:
            ended = main()
        except SystemExit as end:
            ended = end.code
        said = capfd.readouterr()
        assert (ended or 0) == code, said
        return said.out + said.err

    return ran


def step(target, before, after, stack="dev/blue", cluster="aks-blue"):
    return Step(stack, cluster, target, v(before), v(after), "because", Duration(1, 2))


def begun(session):
    """Write down that a rollout of a cluster has begun, as one that was killed leaves it."""
    cluster = session.settings().cluster.name
    told = {"stack": session.name, "cluster": cluster, "target": "1.35.6", "by": "a test"}
    with session.kept.open() as journal:
        one = step("spot", "1.35.5", "1.35.6", session.name, cluster)
        journal.write("started", format=1, steps=[step_data(one)], soak=0, process=GONE, **told)


def test_every_cluster_is_listed_the_first_of_a_stack_before_its_others(project):
    assert clusters_of_ours(project) == ["dev", "dev/blue", "prod", "staging"]


def test_a_session_of_a_further_cluster_sees_that_one(project, opened):
    first, blue = Session(project, "dev"), Session(project, "dev/blue")
    assert (first.settings().cluster.name, blue.settings().cluster.name) == ("aks-dev", "aks-blue")
    assert (first.outputs()["kubeconfig"], blue.outputs()["kubeconfig"]) == ("dev's", "blue's")
    assert (first.cluster_id(), blue.cluster_id()) == ("/dev", "/blue")
    seen = [one.planned_cluster() for one in (first, blue)]
    assert [(one.stack, str(one.control_plane)) for one in seen] == [
        ("dev", "1.35.7"),
        ("dev/blue", "1.35.6"),
    ]
    assert set(opened) == {("dev", "dev.engine"), ("staging", "staging.engine")}


def test_a_further_cluster_that_is_not_up_yet_is_what_the_file_says(project, outputs):
    del outputs["clusters"]
    blue = Session(project, "dev/blue")
    assert (blue.is_up, blue.outputs()) == (False, {})
    assert blue.observed().cluster.name == "aks-blue"
    assert Session(project, "dev").is_up


def test_the_status_of_a_cluster_that_no_stack_has_is_refused(run):
    assert "dev/blue: none" in run("status", "--stack", "dev/blue")
    assert "green" in run("status", "--stack", "dev/green", code=1)


@pytest.mark.parametrize("name", ["dev/green", "dev/", "staging/blue"])
def test_a_cluster_that_no_stack_has_is_refused_with_those_that_it_has(project, name):
    known = "staging" if name.startswith("staging") else "dev, dev/blue"
    with pytest.raises(SettingsError) as refused:
        Session(project, name).settings()
    [problem] = refused.value.problems
    assert problem.why.endswith(f"the clusters here are: {known}")


def test_journals_holds_and_engines(project):
    first, blue = Session(project, "dev"), Session(project, "dev/blue")
    assert (first.journal.name, blue.journal.name) == ("dev.jsonl", "dev@blue.jsonl")
    assert blue.holds == project / ".upgrades" / "holds" / "dev@blue.jsonl"
    assert first.engine.path == blue.engine.path, "an `up` is one of the whole stack"
    begun(blue)
    assert [one()[0]["event"] for one in blue.kept.rollouts()] == ["started"]
    assert first.kept.rollouts() == []


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (step(CONTROL_PLANE, "1.35.6", "1.36.2"), "cluster: {name: aks-blue, kubernetesVersion: 1.36.2}"),
        (step("system", "1.35.6", "1.36.2"), "systemPool: {version: 1.36.2}"),
        (
            step("spot", "1.35.5", "1.35.6"),
            "poolVersions: {general: 1.35.6, spot: 1.35.6, win: 1.35.6, sandbox: 1.35.6}",
        ),
    ],
)
def test_a_step_edits_the_one_line_of_its_own_cluster_and_takes_it_back(project, one, line):
    path = project / "Pulumi.dev.yaml"
    before = path.read_text()
    edit.make(path, one)
    new = [there for there in path.read_text().splitlines() if there not in before.splitlines()]
    assert [there.strip() for there in new] == [line]
    assert edit.says(path, one)
    assert path.read_text().splitlines()[edit.line_of(path, one.target, "blue") - 1].strip() == line
    edit.take_back(path, one)
    assert path.read_text() == before


def test_a_version_that_the_further_cluster_does_not_say_is_named_by_its_place(project):
    with pytest.raises(EditError, match=r"does not say secure-aks:clusters\.blue\.poolVersions\.none"):
        edit.with_step(project / "Pulumi.dev.yaml", step("none", "1.35.5", "1.35.6"))


def test_a_version_that_two_clusters_share_by_an_alias_is_not_edited(project):
    path = project / "Pulumi.dev.yaml"
    text = path.read_text().replace("systemPool: {version: 1.35.6}", "systemPool: {version: &v 1.35.6}")
    path.write_text(text.replace("win: 1.35.6", "win: *v"))
    with pytest.raises(EditError, match="is shared with 1 other place"):
        edit.with_step(path, step("system", "1.35.6", "1.36.2"))


def test_a_plan_lists_each_cluster_and_lets_the_next_of_a_stack_wait(run):
    text = run("plan", "--to", "1.36.2", "--concurrency", "3", "--json")
    found = {one["stack"]: one for one in json.JSONDecoder().raw_decode(text)[0]["clusters"]}
    assert set(found) == {"dev", "dev/blue", "staging", "prod"}
    assert {found[name]["wave"] for name in ("dev", "dev/blue")} == {1}
    assert {step["target"] for step in found["dev/blue"]["steps"]} == {
        CONTROL_PLANE,
        "system",
        "general",
        "spot",
        "win",
        "sandbox",
    }


def test_next_names_and_writes_the_line_of_the_cluster(run, project):
    before = (project / "Pulumi.dev.yaml").read_text().splitlines()
    said = run("next", "--stack", "dev/blue", "--to", "1.36.2", "--write")
    after = (project / "Pulumi.dev.yaml").read_text().splitlines()
    assert [there.strip() for there in after if there not in before] == [
        "cluster: {name: aks-blue, kubernetesVersion: 1.36.2}"
    ]
    assert "Move the control plane of dev/blue to Kubernetes 1.36.2" in said


def test_windows_are_each_clusters_own(run, project):
    path = project / "Pulumi.dev.yaml"
    own = "      maintenance: {releases: {weekly: {day: Saturday}, startTime: '12:00', hours: 4}}\n"
    path.write_text(path.read_text() + own)
    text = run("windows", "--stack", "dev", "--stack", "dev/blue", "--json")
    first, blue = json.JSONDecoder().raw_decode(text)[0]["stacks"]
    assert (first["stack"], blue["stack"]) == ("dev", "dev/blue")
    assert first["openings"] != blue["openings"]
    assert any("T11:00" in one["begin"] for one in blue["openings"])


def test_one_cluster_of_a_stack_at_a_time(run, project):
    begun(Session(project, "dev"))
    for words in (("rollout", "--to", "1.36.2"), ("images",), ("rollback", "--pool", "spot")):
        said = run(*words, "--stack", "dev/blue", code=1)
        assert "a rollout of dev stands at step 1 of 1" in said
        assert "python -m upgrades resume --stack dev\n" in said
    assert "dev/blue: none" in run("status", "--stack", "dev/blue")
    assert "dev: running" in run("status", "--stack", "dev")
    run("abort", "--stack", "dev")
    assert "rollout of dev stands" not in run("rollout", "--to", "1.35.6", "--stack", "dev/blue", code=2)


def test_a_report_and_an_end_are_of_one_cluster(run, project):
    begun(Session(project, "dev/blue"))
    assert "there is no rollout yet; begin one: python -m upgrades rollout --stack dev" in run(
        "report", "--stack", "dev", code=1
    )
    assert "Upgrade of dev/blue (aks-blue)" in run("report", "--stack", "dev/blue")
    assert "no rollout to abort" in run("abort", "--stack", "dev", code=1)
    assert "Aborted at step 1 of 1" in run("abort", "--stack", "dev/blue")


def test_an_entry_that_two_clusters_read_is_not_replaced_in_one(run):
    for name, other in (("dev", "dev/blue"), ("dev/blue", "dev")):
        words = ("--pool", "spot", "--set", "vmSize=Standard_D8ds_v5", "--stack", name)
        assert f"{other} has the pool spot too" in run("replace-pool", *words, code=1)


def test_clusters_of_one_stack_share_a_process_of_a_wave(project, monkeypatch):
    rollout = sys.modules["upgrades.commands.change.rollout"]
    ran = {}
    monkeypatch.setattr(
        rollout,
        "SideBySide",
        lambda *_: SimpleNamespace(run=lambda given, _at_once: ran.update(given) or dict.fromkeys(given, 0)),
    )
    wave = [
        (Session(project, name), SimpleNamespace(steps=(SimpleNamespace(title=name),)))
        for name in ("dev", "dev/blue", "staging")
    ]
    rollout._together(wave, "1.36.2", 0, 2)
    assert {name: words[words.index("--agreed") + 2 :] for name, words in ran.items()} == {
        "dev": ["--stack", "dev", "--stack", "dev/blue"],
        "staging": ["--stack", "staging"],
    }
