"""Whether the process of a rollout lives: this one, one that has ended, one that has its id again, one elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from upgrades.engine.process import lives, this_process


def test_this_one_lives_and_another_of_its_id_does_not():
    assert lives(this_process()) is True
    assert lives({**this_process(), "began": "1"}) is False


def test_one_that_has_ended_does_not_live_even_before_its_parent_has_noticed():
    code = "import json, os; from upgrades.engine.process import this_process as t; print(json.dumps(t()), flush=True); "
    child = subprocess.Popen(
        [sys.executable, "-c", code + "os.read(0, 1)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    process = json.loads(child.stdout.readline())
    assert lives(process) is True
    child.stdin.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has fetched how
    assert lives(process) is False
    child.wait()
    child.stdout.close()
    assert lives(process) is False


def test_what_cannot_be_seen_from_here_is_not_guessed():
    assert lives({**this_process(), "host": "elsewhere"}) is None
    assert lives({}) is None
    assert lives(None) is None
