"""What a run did, gathered from its events: for the terminal, for `--json`, for anybody who wants it as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.plugins.base import diff_values
from emulator.properties.paths import look_up
from emulator.properties.urns import PROVIDER_PREFIX, STACK_TYPE, name_of, type_of

if TYPE_CHECKING:
    from pulumi.automation.events import (
        DiagnosticEvent,
        EngineEvent,
        PolicyEvent,
        StepEventMetadata,
    )

    from emulator.dry_run.operation import Result

UNKNOWN_VERDICTS = ("can't run policy", "not known before the update")
"""What the message of a policy says that met a value not known yet: the SDK's words, and the security pack's."""


NO_CHANGE = {"same", "read", "discard"}
"""The operations that change nothing."""


@dataclass(frozen=True)
class Change:
    """One property that changes: its path, "add", "update" or "delete" (with "-replace"), and both values."""

    path: str
    kind: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Verdict:
    """What a policy said: `level` is "mandatory", "advisory" or "unknown"."""

    policy: str
    level: str
    message: str
    urn: str


@dataclass
class Row:
    """One resource of the run."""

    urn: str
    op: str = "same"
    parent: str = ""
    changes: list[Change] = field(default_factory=list[Change])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    messages: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    failed: bool = False
    said: bool = False

    @property
    def type(self) -> str:
        """The resource's type token."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return name_of(self.urn)

    @property
    def worth_showing(self) -> bool:
        """Whether anything is to be said about it."""
        return self.op not in NO_CHANGE or self.has_details

    @property
    def has_details(self) -> bool:
        """Whether more is to be said than what was done to it."""
        return bool(self.verdicts or self.messages or self.failed or self.changes)


@dataclass
class Report:
    """Fill it as a listener of events, then read it."""

    planning: bool = False
    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    messages: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    outputs: list[Change] = field(default_factory=list[Change])
    packs: dict[str, str] = field(default_factory=dict[str, str])

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event is not None:
            self.planning = bool(event.resource_pre_event.planning)
            self._step(event.resource_pre_event.metadata)
        elif event.res_outputs_event is not None:
            self._outputs(event.res_outputs_event.metadata)
        elif event.res_op_failed_event is not None:
            self._row(event.res_op_failed_event.metadata).failed = True
        elif event.policy_event is not None:
            self._policy(event.policy_event)
        elif event.diagnostic_event is not None:
            self._diagnostic(event.diagnostic_event)
        elif event.summary_event is not None:
            self.packs = dict(event.summary_event.policy_packs)

    def verdicts(self) -> list[Verdict]:
        """Return all verdicts, the gravest first."""
        order = ("mandatory", "advisory", "unknown")
        found = [v for row in self.rows.values() for v in row.verdicts]
        return sorted(found, key=lambda v: (order.index(v.level), v.policy))

    def errors(self) -> list[tuple[str, str]]:
        """Return all errors as (URN or "", message)."""
        rows = [
            (r.urn, text) for r in self.rows.values() for severity, text in r.messages if severity == "error"
        ]
        return rows + [("", text) for severity, text in self.messages if severity == "error"]

    def to_json(self, stack: str, operation: str, result: Result | None) -> dict[str, Any]:
        """Return it as data, as `--json` prints it."""
        counts = Counter(v.level for v in self.verdicts())
        return {
            "stack": stack,
            "operation": operation,
            "result": "succeeded" if result is not None and result.ok else "failed",
            "durationSeconds": round(result.seconds, 3) if result else 0,
            "changeSummary": {op.value: n for op, n in result.changes.items()} if result else {},
            "steps": [_step_json(row) for row in self.rows.values()],
            "outputs": [_change_json(c) for c in self.outputs],
            "policyPacks": self.packs,
            "policySummary": {level: counts[level] for level in ("mandatory", "advisory", "unknown")},
            "policies": [vars(v) for v in self.verdicts()],
            "errors": [{"urn": urn, "message": text} for urn, text in self.errors()],
            "messages": [{"severity": severity, "message": text} for severity, text in self.messages],
        }

    def _step(self, step: StepEventMetadata) -> None:
        row = self._row(step)
        if step.op.value in {"create-replacement", "delete-replaced"} and row.op != "same":
            return  # part of a replacement that is shown as one
        row.op = "replace" if step.op.value == "delete-replaced" else step.op.value
        old, new = (
            (step.old.inputs if step.old else None) or {},
            (step.new.inputs if step.new else None) or {},
        )
        row.changes = [
            Change(path, diff.diff_kind.value, look_up(old, path), look_up(new, path))
            for path, diff in (step.detailed_diff or {}).items()
        ]

    def _outputs(self, step: StepEventMetadata) -> None:
        if step.type != STACK_TYPE or step.new is None:
            return
        olds = dict((step.old.outputs if step.old else None) or {})
        news = dict(step.new.outputs or {})
        self.outputs = [
            Change(path, kind, look_up(olds, path), look_up(news, path))
            for path, kind in sorted(diff_values(olds, news).items())
        ]

    def _policy(self, event: PolicyEvent) -> None:
        unknown = any(words in event.message for words in UNKNOWN_VERDICTS)
        level = "unknown" if unknown else event.enforcement_level
        row = self.rows.setdefault(event.resource_urn or "", Row(event.resource_urn or ""))
        policy = f"{event.policy_pack_name}/{event.policy_name}"
        why = (
            event.message.partition("during preview: ")[2] if unknown else ""
        )  # the SDK repeats the policy's name
        row.verdicts.append(Verdict(policy, level, why or event.message, row.urn))

    def _diagnostic(self, event: DiagnosticEvent) -> None:
        row = self.rows.setdefault(event.urn, Row(event.urn)) if event.urn else None
        (row.messages if row else self.messages).append((event.severity, event.message))

    def _row(self, step: StepEventMetadata) -> Row:
        row = self.rows.setdefault(step.urn, Row(step.urn))
        state = step.new or step.old
        row.parent = state.parent if state else ""
        return row


def is_shown(row: Row) -> bool:
    """Say whether people want to see a row: default providers are the engine's own business."""
    return not (row.type.startswith(PROVIDER_PREFIX) and row.name.startswith("default"))


def _step_json(row: Row) -> dict[str, Any]:
    return {
        "urn": row.urn,
        "type": row.type,
        "name": row.name,
        "parent": row.parent,
        "op": row.op,
        "failed": row.failed,
        "changes": [_change_json(c) for c in row.changes],
        "policies": [vars(v) for v in row.verdicts],
        "messages": [{"severity": severity, "message": text} for severity, text in row.messages],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {"path": change.path, "kind": change.kind, "old": change.old, "new": change.new}
