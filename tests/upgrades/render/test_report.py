"""The report of a rollout: what the journal says, in words that a change request takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.upgrades.builders import TODAY, catalog, cluster, v
from upgrades.journal.progress import State, step_data
from upgrades.journal.record import record, versions
from upgrades.plan.planner import plan
from upgrades.render.report import as_data, as_markdown

START = datetime(2026, 8, 1, 12, tzinfo=UTC)
STEPS = plan(cluster(), v("1.35.7"), catalog(), TODAY).steps
FACTS = {
    "stack": "dev",
    "cluster": "aks",
    "target": "1.35.7",
    "by": "anna",
    "engine": "the Pulumi CLI",
    "soak": 5,
}
PASSED = {
    "code": "PDB001",
    "title": "Budgets",
    "level": "Required",
    "verdict": "pass",
    "findings": [],
    "ignored": [],
}
ACCEPTED = PASSED | {
    "verdict": "ignored",
    "ignored": [
        {"resource": "pod a|b", "why": "is bare", "remedy": "accepted until 2026-08-07: <debugging>"}
    ],
}


def entries(*events):
    """A journal: each event a minute after the one before."""
    first = {"event": "started", "steps": [step_data(step) for step in STEPS], **FACTS}
    return [
        {"at": (START + timedelta(minutes=minute)).isoformat(), **event}
        for minute, event in enumerate([first, *events])
    ]


def whole(index, gates=PASSED):
    names = ("gates-passed", "edited", "up-started", "up-finished", "settled", "step-finished")
    extra = {
        "gates-passed": {"gates": [gates]},
        "up-started": {"preview": ["update AgentPool x"]},
        "settled": {"gates": [gates]},
    }
    return [{"event": name, "index": index, **extra.get(name, {})} for name in names]


def made(*events):
    found = record(entries(*events))
    assert found
    return found


def test_a_rollout_that_went_well():
    found = made(*whole(0), *whole(1), *whole(2), {"event": "finished"})
    data = as_data(found)
    assert data["title"] == "Upgrade of dev (aks) to Kubernetes 1.35.7: done"
    assert data["facts"]["result"] == "done, 3 of 3 steps"
    assert data["facts"]["took"] == "19 min"
    assert [step["took"] for step in data["steps"]] == ["5 min"] * 3
    assert [step["up"] for step in data["steps"]] == ["60 s"] * 3
    assert versions(found.steps)["system"] == ("1.34.7", "1.35.7")
    assert "Nothing: every step went through at the first try." in as_markdown(found)


def test_a_stop_a_kill_and_a_retry_are_told_with_what_can_be_done():
    found = made(
        *whole(0),
        {
            "event": "stopped",
            "why": "gates before aks: system did not pass",
            "remedy": "clear them",
            "gates": [PASSED | {"verdict": "fail"}],
        },
        {"event": "resumed"},
        *whole(1)[:3],
        {"event": "retry", "what": "up", "error": "429", "seconds": 30.0},
        {"event": "resumed"},
        *whole(1)[3:],
        {"event": "stopped", "why": "the quota is used up", "remedy": "ask for more"},
    )
    text = as_markdown(found)
    assert found.breaks == 3
    assert found.at.state is State.STOPPED
    for part in (
        "stopped, 2 of 3 steps",
        "> **Why it ended here.** the quota is used up",
        "> ask for more",
        "| 2 | tried again | up failed: 429; again after 30 s |",
        "| 2 | resumed | after the stop |",
        "cut off 1 min 0 s earlier, during the wait for a new try",
        "| general | 1.34.7 | 1.34.7 |",
        "not begun",
    ):
        assert part in text, part


def test_what_was_accepted_stands_with_its_reason_and_breaks_no_table():
    text = as_markdown(made(*whole(0, ACCEPTED)))
    assert "pod a\\|b: is bare (accepted until 2026-08-07: &lt;debugging>)" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)


def test_no_rollout_is_no_report():
    assert record([]) is None


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_journal_cut_anywhere_has_a_report(cut):
    whole_journal = entries(*whole(0), *whole(1), *whole(2), {"event": "finished"})
    found = record(whole_journal[:cut])
    assert found
    assert as_markdown(found).startswith("# Upgrade of dev")
