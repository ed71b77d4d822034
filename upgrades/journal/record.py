"""What happened in a rollout, read from its journal: the steps with times, gates and tries, and what came in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .file import JournalDamagedError
from .progress import Progress, State, progress, step_from
from .shape import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from upgrades.model.steps import Step

    from .file import Entry


@dataclass(slots=True)
class StepRecord:
    """One step: its times (None: not reached), what the gates found, what the preview showed, what was tried again."""

    step: Step
    begun: datetime | None = None
    up_started: datetime | None = None
    up_finished: datetime | None = None
    settled: datetime | None = None
    soaked_until: datetime | None = None
    finished: datetime | None = None
    gates_before: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    gates_after: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    preview: list[str] = field(default_factory=list[str])
    ups: int = 0
    already: bool = False

    @property
    def result(self) -> str:
        """How it ended, in one or two words."""
        if self.finished:
            return "done already" if self.already and not self.ups else "done"
        return "not begun" if self.begun is None else "not finished"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something beside the steps: a stop, a new try, a resumption. `step` counts from 1."""

    at: datetime
    step: int
    kind: str
    text: str
    gates: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Record:
    """A whole rollout. `facts` are what the first entry says: stack, cluster, target, by, engine."""

    facts: dict[str, Any]
    started: datetime
    at: Progress
    last: datetime
    steps: list[StepRecord]
    incidents: list[Incident] = field(default_factory=list[Incident])

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(item.finished is not None for item in self.steps)

    @property
    def breaks(self) -> int:
        """How often it was stopped, interrupted or killed."""
        return sum(item.kind == "stopped" or "cut off" in item.text for item in self.incidents)

    @property
    def ended(self) -> datetime | None:
        """When it ended; None while it is open."""
        return self.last if self.at.state in {State.DONE, State.ABORTED} else None


KINDS = {
    "stopped": "stopped",
    "aborted": "aborted",
    "resumed": "resumed",
    "reverted": "line put back",
    "retry": "tried again",
}

CUT_OFF = {
    "gates-passed": "after the gates",
    "edited": "after the edit of the stack file",
    "permitted": "before its preview had ended",
    "upgrading": "while Azure upgraded the whole cluster",
    "upgraded": "after Azure had upgraded the whole cluster",
    "up-started": "during its `up`",
    "up-finished": "after its `up`",
    "settled": "after the gates that follow the `up`",
    "soaking": "during the soak",
    "step-finished": "between two steps",
    "retry": "during the wait for a new try",
    "resumed": "soon after it was resumed",
    "reverted": "after the line was put back",
}


def record(entries: Sequence[Entry]) -> Record | None:
    """Read a journal; None when no rollout has begun in it. Raises JournalDamagedError for a line that cannot be used."""
    if not entries:
        return None
    check(entries)
    if "steps" not in entries[0] or any("at" not in entry for entry in entries):
        raise JournalDamagedError(
            getattr(entries, "name", "the journal"), 1, "begins no rollout, or a line has no time"
        )
    first = entries[0]
    steps = [StepRecord(step_from(item)) for item in first["steps"]]
    facts = {
        name: first.get(name)
        for name in ("stack", "cluster", "subscription", "target", "by", "engine", "soak")
    }
    found = Record(facts, _time(first), progress(entries), _time(entries[-1]), steps)
    index: int = 0
    for before, entry in pairwise(entries):
        index = int(entry.get("index", index))
        _incident(found, index, before, entry)
        if index < len(steps):
            _note(steps[index], entry)
        if entry["event"] == "step-finished":
            index += 1
    return found


def _incident(found: Record, index: int, before: Entry, entry: Entry) -> None:
    kind = KINDS.get(entry["event"])
    if kind is None:
        return
    texts = {
        "retry": f"{entry.get('what')} failed: {entry.get('error')}; again after {entry.get('seconds', 0):.0f} s",
        "resumed": _resumed(before, entry),
        "reverted": "nothing had been changed in Azure",
    }
    text = texts.get(entry["event"], str(entry.get("why", "")))
    gates = tuple(entry.get("gates") or ())
    found.incidents.append(Incident(_time(entry), min(index + 1, len(found.steps)), kind, text, gates))


def _resumed(before: Entry, entry: Entry) -> str:
    if before["event"] in {"stopped", "aborted"}:
        return "after the stop"
    since = _gap(_time(before), _time(entry))
    torn = f"; the line it was writing is dropped: {entry['torn']}" if entry.get("torn") else ""
    return (
        f"the run before was cut off {since} earlier, {CUT_OFF.get(before['event'], before['event'])}{torn}"
    )


def _gap(start: datetime, end: datetime) -> str:
    minutes, seconds = divmod(round((end - start).total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _note(row: StepRecord, entry: Entry) -> None:
    moment, event = _time(entry), entry["event"]
    if event == "gates-passed":
        row.begun = row.begun or moment
        row.gates_before = entry.get("gates") or row.gates_before
    elif event == "up-started":
        row.up_started = row.up_started or moment
        row.preview = entry.get("preview") or row.preview
        row.ups += 1
    elif event == "up-finished":
        row.up_finished, row.already = moment, bool(entry.get("already"))
    elif event == "settled":
        row.settled, row.gates_after = moment, entry.get("gates") or []
    elif event == "soaking":
        row.soaked_until = datetime.fromisoformat(entry["until"])
    elif event == "step-finished":
        row.finished = moment


def _time(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry["at"])


def versions(steps: Iterable[StepRecord]) -> dict[str, tuple[str, str]]:
    """Return for each target what it ran before the first step and after the last one that is done."""
    found: dict[str, tuple[str, str]] = {}
    for row in steps:
        for part in row.step.parts:
            before, after = part.ends
            first, last = found.get(part.target, (before, before))
            found[part.target] = (first, after if row.finished else last)
    return found
