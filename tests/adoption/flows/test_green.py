"""Where a stack is up: previews that end well are one comment, no drift is green, and drift is told."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from emulator.cloud.cloud import Cloud
from tests.adoption.flows.conftest import git

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.adoption.flows.conftest import Host
    from tests.adoption.flows.runner import Job
    from tests.adoption.flows.threads import Threads

pytestmark = pytest.mark.soak
MARK = "<!-- secure-aks review -->"
ONE, THREE = "--stack dev ", "--stack dev --stack staging --stack prod "


@pytest.fixture(scope="module")
def origin(origin: Path) -> Path:
    """The repository of somebody who has one stack as yet, which is what its workflows name."""
    for file in (".github/workflows/preview.yml", "pipelines/preview.yml"):
        text = (origin / file).read_text()
        assert THREE in text
        (origin / file).write_text(text.replace(THREE, ONE))
    return origin


@pytest.fixture(scope="module", autouse=True)
def up(lab: dict[str, str], origin: Path) -> None:
    """Dev is up in the lab, by the clock of the hosts."""
    env = {**lab, "SECURE_AKS_CLOCK": "2026-11-23", "PYTHONPATH": f"{origin}:{origin / 'policies/lifecycle'}"}
    for words in (["stack", "init", "dev"], ["up", "--yes", "--skip-preview", "--stack", "dev"]):
        done = subprocess.run(
            ["pulumi", *words], cwd=origin, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    salted = [line[3:] for line in git(origin, "status", "--porcelain").splitlines()]
    assert "Pulumi.dev.yaml" in salted  # as the page of the first cluster has it: the salt is committed
    git(origin, "-c", "user.email=s@example.com", "-c", "user.name=S", "commit", "--quiet", "--all", "--message", "Up")  # fmt: skip


def pull_request(host: Host) -> None:
    """Change one line, as a pull request does: the version of a pool."""
    file = host.clone / "Pulumi.dev.yaml"
    text = file.read_text()
    assert text.count("version: 1.35.5\n") == 1
    file.write_text(text.replace("version: 1.35.5\n", "version: 1.35.6\n"))


@contextmanager
def owned_by_nobody(lab_folder: Path) -> Generator[None]:
    """Change a tag of the cluster's behind Pulumi's back, and put it back."""
    tag(lab_folder, "nobody")
    yield
    tag(lab_folder, "platform")


def tag(lab_folder: Path, owner: str) -> None:
    with Cloud(lab_folder / "cloud.json").change() as state:
        [cluster] = [
            one
            for one in state.resources.values()
            if one.type.lower() == "microsoft.containerservice/managedclusters"
        ]
        cluster.properties["tags"] = {**cluster.properties["tags"], "owner": owner}


def test_a_preview_that_ends_well_is_one_comment_that_says_what_changes(
    host: Host, github: Callable[..., Job], azure: Callable[..., Job], threads: Threads
) -> None:
    job = github("preview", "preview")
    assert not job.failed, job.said
    [comment] = host.has("comments")
    first = comment["body"]
    assert first.splitlines()[:2] == [MARK, "## dev: nothing changes"]
    assert "mandatory" not in first

    pull_request(host)
    for job in (github("preview", "preview"), azure("preview")):
        assert not job.failed, job.said
        assert "dev: 1 to update" in job.said
    [again] = host.has("comments")
    [thread] = threads.kept
    assert threads.refused == []
    assert again["id"] == comment["id"]
    assert again["body"] == thread["comments"][0]["content"] == (host.clone / "comment.md").read_text()
    lines = again["body"].splitlines()
    assert lines[:2] == [MARK, "## dev: 1 to update"]
    assert [line for line in lines if line.startswith("| update ")] == [
        "| update | AgentPool | spot | `orchestratorVersion` |"
    ]


def test_no_drift_is_green_and_drift_is_told_until_it_is_gone(
    host: Host, github: Callable[..., Job], azure: Callable[..., Job], lab_folder: Path
) -> None:
    job = github("drift", "drift")
    assert not job.failed, job.said + (host.clone / "drift.md").read_text()
    assert host.has("issues") == []

    with owned_by_nobody(lab_folder):
        for job in (github("drift", "drift"), azure("scheduled", "drift")):
            assert job.failed
            assert "dev: drift: 1 to update" in job.said
        [issue] = host.has("issues")
        assert (issue["title"], issue["state"]) == ("Drift: dev", "open")
        assert issue["body"] == (host.clone / "drift.md").read_text()
        assert "| update | ManagedCluster | cluster | `tags.owner` |" in issue["body"], issue["body"]

    for job in (github("drift", "drift"), azure("scheduled", "drift")):
        assert not job.failed, job.said
    [issue] = host.has("issues")
    assert issue["state"] == "closed"
