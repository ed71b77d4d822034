"""What a journal says about a rollout: which steps are done, where it stands, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from upgrades.model.step_data import step_data, step_from
from upgrades.model.steps import Step

from .shape import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .file import Entry


__all__ = ["EVENTS", "STATES", "Phase", "Progress", "State", "progress", "step_data", "step_from"]


class State(StrEnum):
    """How a rollout stands."""

    NONE = "none"
    RUNNING = "running"
    STOPPED = "stopped"
    ABORTED = "aborted"
    DONE = "done"


class Phase(IntEnum):
    """How far the present step has come; `resume` begins after it."""

    WAITING = 0
    CHECKED = 1
    EDITED = 2
    CHANGING = 3
    CHANGED = 4
    SETTLED = 5
    SOAKING = 6

    @property
    def words(self) -> str:
        """What a person reads."""
        return WORDS[self]


WORDS = {
    Phase.WAITING: "waiting",
    Phase.CHECKED: "gates before passed",
    Phase.EDITED: "stack file edited",
    Phase.CHANGING: "up under way",
    Phase.CHANGED: "up done",
    Phase.SETTLED: "gates after passed",
    Phase.SOAKING: "soaking",
}


EVENTS = {
    "gates-passed": Phase.CHECKED,
    "edited": Phase.EDITED,
    "up-started": Phase.CHANGING,
    "up-finished": Phase.CHANGED,
    "settled": Phase.SETTLED,
    "soaking": Phase.SOAKING,
}
ROLLBACK = "rollback"
"""The kind of a rollout, in its first entry, that takes a pool back."""
STATES = {
    "stopped": State.STOPPED,
    "aborted": State.ABORTED,
    "finished": State.DONE,
    "resumed": State.RUNNING,
}


@dataclass(slots=True)
class Progress:
    """A rollout as its journal tells it. `index` is the present step, counted from 0; `process` runs it, or ran it last.

    `is_rollback`: it takes one pool back instead of up. `lines` are those of the stack file before the present step's edit, by target.
    """

    state: State = State.NONE
    steps: list[Step] = field(default_factory=list[Step])
    index: int = 0
    phase: Phase = Phase.WAITING
    why: str = ""
    remedy: str = ""
    soak: int = 0
    soak_until: str = ""
    baseline: dict[str, Any] | None = None
    finished_at: list[str] = field(default_factory=list[str])
    process: dict[str, Any] = field(default_factory=dict[str, Any])
    is_rollback: bool = False
    lines: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_open(self) -> bool:
        """Tell whether it has begun and not ended: `resume` or `abort` it."""
        return self.state in {State.RUNNING, State.STOPPED}

    @property
    def step(self) -> Step | None:
        """The present step; None when all are done."""
        return self.steps[self.index] if self.index < len(self.steps) else None


def progress(entries: Sequence[Entry]) -> Progress:
    """Replay a journal. Raises JournalDamagedError for a line that cannot be used."""
    check(entries)
    now = Progress()
    for entry in entries:
        event = entry["event"]
        if event == "started":
            steps = [step_from(item) for item in entry["steps"]]
            now = Progress(State.RUNNING, steps, soak=entry.get("soak", 0))
            now.is_rollback = entry.get("kind") == ROLLBACK
        elif event == "step-finished":
            now.index, now.phase, now.lines = now.index + 1, Phase.WAITING, {}
            now.finished_at.append(entry["at"])
        elif event in EVENTS:
            now.phase = EVENTS[event]
            now.soak_until = entry.get("until", "")
            now.baseline = entry.get("baseline", now.baseline)
            now.lines = entry.get("lines", now.lines)
        elif event == "reverted":
            now.phase, now.lines = Phase.WAITING, {}
        elif event in STATES:
            now.state = STATES[event]
            now.why, now.remedy = entry.get("why", ""), entry.get("remedy", "")
        now.process = entry.get("process", now.process)
    return now
