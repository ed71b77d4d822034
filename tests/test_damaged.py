"""Every command that reads a file, over every kind of damage: a refusal in words of ours, never a library's, and never a success."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.damaged_walk import COMMANDS, ROOT, TEXTS
from tests.walk import THEIRS

NO_JOURNAL = {"empty", "a link to nowhere"}
"""What is as good as a journal that nobody has begun."""
UNTOUCHED = {"upgrades status", "upgrades report", "upgrades abort", "upgrades resume"}
"""These read journals alone; of Pulumi.yaml only where the state is, and of a stack file only whether there is one."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SECURE_AKS_CLOCK": "2026-11-23"}
    for name in ("PULUMI_BACKEND_URL", "SECURE_AKS_JOURNALS", "SECURE_AKS_TRACEBACK"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.damaged_walk", str(folder)],
        cwd=ROOT, env=environment | {"PULUMI_HOME": str(folder / "home")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for line in done.stdout.splitlines():
        name, damage, *rest = json.loads(line)
        found.setdefault((name, damage), []).append(tuple(rest))
    return found


@pytest.mark.parametrize("damage", TEXTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_damaged_file_is_refused_in_words_of_ours(walked, name, damage):
    told = walked[name, damage]
    assert [command for command, *_ in told] == list(COMMANDS[name])
    for command, code, said in told:
        assert not THEIRS.search(said), (command, said)
        assert code in {0, 1, 2}, (command, said)
        assert code == 0 or said.strip(), command
        # An empty Pulumi.yaml, or one with other keys, says nothing that these need.
        kept = name == ".upgrades/dev.jsonl" and damage not in NO_JOURNAL
        assert code or (command in UNTOUCHED and not kept) or name == "Pulumi.yaml", (command, said)
