"""A rollout of dev as a newcomer runs it: with both packs, watched, killed on the way, resumed, reported.

One step, the patch that dev's spot pool is behind: the whole minor is test_on_a_control_plane's.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator.arm.discovery import authentication_file
from emulator.control_plane.stack_cluster import StackCluster
from emulator.lab import Lab
from tests.upgrades.small_stack import moves
from upgrades.journal.file import read

ROOT = Path(__file__).parents[3]
WORDS = ("--stack", "dev", "--lab")


@pytest.fixture
def checkout(tmp_path):
    """What git has of the project, in a repository of its own."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in tracked.decode().split("\0"):
        if name and not name.startswith(("tests/", "docs/", "bench/")) and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "start")
    yield tmp_path
    lab = tmp_path / ".emulator"
    StackCluster(lab, "lab", authentication_file(lab)).end()


def git(folder, *words):
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def upgrades(folder, *words):
    env = os.environ | {"SECURE_AKS_CLOCK": "2026-11-23", "COLUMNS": "160"}
    return subprocess.Popen(
        [sys.executable, "-m", "upgrades", *words],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def bring_up(checkout):
    """Bring dev up in the checkout's lab, with an API server for the gates to ask, as the CLI does."""
    with Lab(checkout / ".emulator", control_plane=True) as lab:
        env = {**lab.around(os.environ), "SECURE_AKS_CLOCK": "2026-11-23"}
        for words in (("stack", "init", "dev"), ("up", "--yes", "--skip-preview", "--stack", "dev")):
            command = ["pulumi", "--non-interactive", *words]
            done = subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    git(checkout, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qam", "the stack's salt")


def said(process, code=0):
    text, _ = process.communicate(timeout=600)
    assert process.returncode == code, text
    return text


@pytest.mark.control_plane
@pytest.mark.xdist_group("control-plane")
@pytest.mark.soak
def test_a_rollout_watched_killed_and_resumed_and_its_pool_taken_back(checkout):
    journal = checkout / ".upgrades" / "lab" / "dev.jsonl"
    begin = ("rollout", "--to", "1.35.6", *WORDS)
    assert "bring it up first: make up STACK=dev" in said(upgrades(checkout, *begin), 1)
    bring_up(checkout)
    asked = said(upgrades(checkout, *begin), 2)
    assert "spot 1.35.5 -> 1.35.6" in asked
    assert "nobody can be asked here: add --yes" in asked
    assert not journal.exists()

    running = upgrades(checkout, *begin, "--yes")
    end = time.monotonic() + 300
    while not any(e["event"] == "up-started" and e["index"] == 0 for e in read(journal)):
        assert running.poll() is None, running.stdout and running.stdout.read()
        assert time.monotonic() < end
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    watched = said(running, -signal.SIGKILL)
    for text in (
        "step 1/1 aks-dev: spot 1.35.5 -> 1.35.6",
        "gates before",
        "preview",
    ):
        assert text in watched

    stands = said(upgrades(checkout, "status", *WORDS))
    assert "up under way" in stands
    assert "gone)" in stands
    assert "python -m upgrades resume --stack dev --lab" in stands
    refused = said(upgrades(checkout, *begin, "--yes"), 1)
    assert re.search(r"go on with it: \S*python -m upgrades resume --stack dev --lab\n", refused)
    assert "Done: 1 step on dev." in said(upgrades(checkout, "resume", *WORDS))

    changed = git(checkout, "diff", "--numstat").split()
    assert changed == ["1", "1", "Pulumi.dev.yaml"], "one line, nothing else"
    assert git(checkout, "status", "--porcelain").split() == ["M", "Pulumi.dev.yaml"], (
        "nothing to commit by mistake"
    )
    events = checkout / ".emulator" / "cloud-events.jsonl"
    assert moves(read(events)) == [("spot", "1.35.5", "1.35.6")]

    report = said(upgrades(checkout, "report", *WORDS))
    for text in (
        "# Upgrade of dev (aks-dev) to Kubernetes 1.35.6: done",
        "done, 1 of 1 steps",
        "during its `up`",
        "| spot | 1.35.5 | 1.35.6 |",
        "WINDOW001",
    ):
        assert text in report
    assert "is on 1.35.6 already" in said(upgrades(checkout, *begin))
    taken_back(checkout)


def taken_back(checkout):
    """The pool goes back in Azure and in the stack file, and the version that it left is held until somebody lifts that."""
    pool = ("--pool", "spot", *WORDS)
    refused = said(upgrades(checkout, "rollback", "--pool", "system", *WORDS, "--yes"), 1)
    assert "has not recorded what it ran before" in refused
    asked = said(upgrades(checkout, "rollback", *pool), 2)
    assert "spot 1.35.6 -> 1.35.5" in asked
    assert git(checkout, "diff", "--numstat").split() == ["1", "1", "Pulumi.dev.yaml"]

    told = said(upgrades(checkout, "rollback", *pool, "--reason", "it loses packets", "--yes"))
    for text in ("rollback in Azure", "Done: 1 step on dev.", "No plan takes spot to 1.35.6 again"):
        assert text in told
    assert git(checkout, "diff", "--numstat") == "", "the line is as it was before the upgrade"
    assert moves(read(checkout / ".emulator" / "cloud-events.jsonl")) == [
        ("spot", "1.35.5", "1.35.6"),
        ("spot", "1.35.6", "1.35.5"),
    ]
    events = [entry["event"] for entry in read(checkout / ".upgrades" / "lab" / "dev.jsonl")]
    assert events.index("permitted") < events.index("up-started")
    assert "# Rollback of pool spot of dev (aks-dev) to Kubernetes 1.35.5: done" in said(
        upgrades(checkout, "report", *WORDS)
    )

    again = ("plan", "--to", "1.35.6", *WORDS)
    held = said(upgrades(checkout, *again))
    assert "pool spot stays at 1.35.5: it was rolled back from 1.35.6" in held
    lift = ("rollback", *pool, "--lift")
    assert f"python -m upgrades rollback {' '.join(WORDS)} --pool spot --lift --reason '" in held
    assert "is too short" in said(upgrades(checkout, *lift), 1)
    assert "Lifted" in said(upgrades(checkout, *lift, "--reason", "the driver is mended"))
    assert "spot 1.35.5 -> 1.35.6" in said(upgrades(checkout, *again))
