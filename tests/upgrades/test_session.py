"""What a session takes from the stacks beside its own."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from pulumi.automation import CommandResult, StackNotFoundError

from tests.upgrades.check.arm import SUBSCRIPTION, azure, cluster, pool
from upgrades.engine.pulumi_cli import PulumiCli
from upgrades.engine.stack import CheckedStack
from upgrades.journal.file import JournalDamagedError
from upgrades.journal.place import PlaceError
from upgrades.lab import JOURNALS
from upgrades.observe.stacks import NoStackError
from upgrades.session import session
from upgrades.session.journals import Journals

ROOT = Path(__file__).parents[2]
VERSIONS = {"schema": 1, "clusters": {"aks-dev": {"controlPlane": {"version": "1.35.6"}, "pools": {}}}}
UNKNOWN = "no stack named 'dev' found: `pulumi stack init dev`"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The project of somebody who has initialised `dev` alone."""

    def stack(_folder, name, _packs, _held):
        def outputs():
            if name == "dev":
                return {"versions": VERSIONS}
            raise StackNotFoundError(CommandResult("", UNKNOWN.replace("dev", name), 255))

        return SimpleNamespace(outputs=outputs)

    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(session, "CheckedStack", stack)
    return tmp_path


def test_stacks_that_the_cli_does_not_know_count_for_nothing_in_a_plan(project):
    cluster = session.Session(project, "dev").planned_cluster()
    assert str(cluster.control_plane) == "1.35.6"


def test_a_stack_that_the_cli_does_not_know_is_what_its_file_says_and_that_is_told(project):
    seen = session.Session(project, "staging").observed()
    assert (seen.is_up, str(seen.cluster.control_plane)) == (False, "1.34.9")
    assert list(seen.unread.values()) == [
        "no stack named 'staging' found: `pulumi stack init staging`; or bring it up: make azure-up STACK=staging"
    ]


def test_journals_are_where_the_environment_says(project, tmp_path, monkeypatch):
    monkeypatch.delenv(JOURNALS, raising=False)
    assert session.Session(project, "dev").journal == project / ".upgrades" / "dev.jsonl"
    monkeypatch.setenv(JOURNALS, str(tmp_path / "team"))
    assert session.Session(project, "dev").journal == tmp_path / "team" / "dev.jsonl"


@pytest.mark.parametrize("place", ["ftp://host/x", "http://host/x", "S3://bucket", "azblobs://box", "://"])
def test_a_place_for_journals_of_no_kind_that_is_known_is_refused(project, monkeypatch, place):
    """It is neither passed over for the place of the stack's state nor taken for a folder."""
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    monkeypatch.setenv(JOURNALS, place)
    here = session.Session(project, "dev").kept
    for ask in (here.entries, here.holder, here.open):
        with pytest.raises(PlaceError) as error:
            ask()
        assert str(error.value) == (
            f"{JOURNALS}: '{place}' is no place for journals; write a folder, or one of azblob://, s3://, gs://, file://"
        )


@pytest.mark.parametrize("gone", [False, True])
def test_a_request_to_end_goes_where_the_runner_reads_it(project, monkeypatch, gone):
    """One of this machine that the team thinks gone reads its own folder alone; the team's next runner is asked nothing."""
    told = []
    monkeypatch.setenv(JOURNALS, "s3://bucket")
    monkeypatch.setattr(Journals, "holder", lambda _: SimpleNamespace(is_gone=gone))
    monkeypatch.setattr(
        Journals, "_shared", lambda *_: SimpleNamespace(ask_to_end=lambda: told.append("the team"))
    )
    here = session.Session(project, "dev").kept
    here.rollout.parent.mkdir()
    here.ask_to_end()
    assert told == ([] if gone else ["the team"])
    assert here.rollout.with_suffix(".abort").exists() is gone


def test_a_stack_without_a_file_is_refused_with_those_that_have_one(project):
    with pytest.raises(NoStackError, match="the stacks here are: dev, prod, staging"):
        session.Session(project, "nope")


def test_what_runs_is_azures_and_the_record_and_the_holds_come_along(project, arm, monkeypatch):
    """The stack recorded 1.35.7 for a pool that runs 1.35.6 in Azure, on more nodes than the stack file names."""
    item = cluster(
        "aks-dev", "1.35.7", pool("spot", "1.35.6", count=7), autoUpgradeProfile={"upgradeChannel": "patch"}
    )
    arm.has(item)
    arm.offers(item, ["1.36.3"], spot=["1.35.7"])
    ran = {"controlPlane": {"version": "1.35.7"}, "pools": {"spot": {"version": "1.35.7"}}}
    outputs = {"versions": {"schema": 1, "clusters": {"aks-dev": ran}}, "cluster": {"id": item["id"]}}
    here = session.Session(project, "dev")
    monkeypatch.setattr(session.Session, "outputs", lambda _: outputs)
    monkeypatch.setattr(session.Session, "azure", azure(arm))
    here.holds.parent.mkdir(parents=True)
    held = {
        "event": "held",
        "at": "2026-11-23T00:00:00+00:00",
        "pool": "spot",
        "version": "1.35.7",
        "reason": "bad",
    }
    here.holds.write_text(json.dumps(held) + "\n")

    seen = here.observed()
    spot = seen.cluster.pool("spot")
    assert (str(spot.version), spot.nodes, seen.cluster.auto_upgrade) == ("1.35.6", 7, "patch")
    assert seen.recorded is not None
    assert str(seen.recorded.pools["spot"].version) == "1.35.7"
    assert (seen.cluster.subscription, seen.cluster.resource_group) == (SUBSCRIPTION, "rg-aks-dev")
    assert {name: [str(one) for one in found] for name, found in seen.cluster.held.items()} == {
        "spot": ["1.35.7"]
    }
    assert seen.cluster.outside == {"spot"}


@pytest.mark.parametrize(
    "line", ['{"event": "held", "pool": "spot"}', '{"event": ["held"]}', '{"pool": "spot"}']
)
def test_holds_that_cannot_be_read_are_a_message(project, line):
    here = session.Session(project, "dev")
    here.holds.parent.mkdir(parents=True)
    here.holds.write_text(f"{line}\n")
    with pytest.raises(JournalDamagedError, match="names no hold") as told:
        here.planned_cluster()
    assert str(told.value).startswith("holds/dev.jsonl: line 1 ")  # the rollout's file has that name too
    assert "plans take again what rollbacks hold" in str(told.value)


def test_the_cli_is_asked_once_for_a_stack_that_it_does_not_know(project, monkeypatch):
    asked = []

    def run(_cli, words, *_rest):
        asked.append(words)
        raise StackNotFoundError(CommandResult("", UNKNOWN, 255))

    monkeypatch.setattr(PulumiCli, "__init__", lambda *_: None)
    monkeypatch.setattr(PulumiCli, "run", run)
    monkeypatch.setattr(PulumiCli, "command", "pulumi", raising=False)
    stack = CheckedStack(project, "dev", [])
    for _ in range(3):
        with pytest.raises(StackNotFoundError, match="no stack named 'dev'"):
            stack.outputs()
    assert asked == [["stack", "output", "--json", "--show-secrets", "--stack", "dev"]]
