"""What a dry run found: resources, verdicts, messages, outputs; for people (`text`) and as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.ending import typed

from emulator.properties.urns import STACK_TYPE, name_of, type_of
from emulator.properties.values import mask

if TYPE_CHECKING:
    from emulator.dry_run.resource import Resource
    from emulator.properties.values import Props

LEVELS = ("mandatory", "advisory", "unknown")
"""What a verdict can be, the gravest first."""


def note() -> tuple[str, str]:
    """Return what this is, and what gets more, each in one line."""
    return "Dry run: a first `up`, without state.", f"Pulumi's own engine: {typed('emulator')} engine"


@dataclass(frozen=True)
class Verdict:
    """What a policy of a pack said of a resource; `level` is one of LEVELS, unknown when a value is not known yet."""

    pack: str
    policy: str
    level: str
    message: str
    urn: str


@dataclass
class Row:
    """One resource of the run; `op` is "create" or "read", "" for what is only spoken of."""

    urn: str
    type: str
    name: str
    op: str = ""
    parent: str = ""
    inputs: Props = field(default_factory=dict[str, Any])
    hidden: bool = False
    failed: bool = False
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    messages: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass
class Report:
    """Filled while the program runs, then read."""

    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    messages: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    outputs: Props = field(default_factory=dict[str, Any])
    packs: dict[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0

    def begin(self, resource: Resource) -> None:
        """Take a resource before it is judged."""
        row = self._row(resource.urn)
        row.op = "read" if resource.external else "create"
        row.parent, row.hidden = resource.parent, resource.is_default_provider
        self.end(resource)

    def end(self, resource: Resource) -> None:
        """Take a resource's inputs as they have become, and the outputs of the stack."""
        self._row(resource.urn).inputs = resource.inputs
        if resource.type == STACK_TYPE:
            self.outputs = resource.outputs

    def say(self, severity: str, message: str, urn: str = "") -> None:
        """Take a message: `severity` is "info", "warning" or "error"."""
        if urn:
            self._row(urn).failed |= severity == "error"
        (self._row(urn).messages if urn else self.messages).append((severity, message))

    def judge(self, verdict: Verdict) -> None:
        """Take a verdict."""
        self._row(verdict.urn).verdicts.append(verdict)

    @property
    def ok(self) -> bool:
        """Whether nothing was refused."""
        return not self.errors() and not any(v.level == "mandatory" for v in self.verdicts())

    def count(self) -> int:
        """Return how many resources the first `up` creates."""
        return sum(row.op == "create" and not row.hidden for row in self.rows.values())

    def verdicts(self) -> list[Verdict]:
        """Return all verdicts, the gravest first."""
        found = [v for row in self.rows.values() for v in row.verdicts]
        return sorted(found, key=lambda v: (LEVELS.index(v.level), v.pack, v.policy))

    def errors(self) -> list[tuple[str, str]]:
        """Return all errors as (URN or "", message)."""
        rows = [(row.urn, *said) for row in self.rows.values() for said in row.messages]
        said = [*rows, *(("", *said) for said in self.messages)]
        return [(urn, text) for urn, severity, text in said if severity == "error"]

    def to_json(self, stack: str) -> dict[str, Any]:
        """Return it as data; secrets are "[secret]", what is not known yet is "[unknown]"."""
        levels = Counter(v.level for v in self.verdicts())
        return {
            "stack": stack,
            "note": " ".join(note()),
            "result": "succeeded" if self.ok else "failed",
            "durationSeconds": round(self.seconds, 3),
            "create": self.count(),
            "resources": [_row_json(row) for row in self.rows.values() if row.op],
            "outputs": mask(self.outputs),
            "policyPacks": self.packs,
            "policySummary": {level: levels[level] for level in LEVELS},
            "policies": [vars(v) for v in self.verdicts()],
            "errors": [{"urn": urn, "message": text} for urn, text in self.errors()],
            "messages": _messages_json(self.messages),
        }

    def _row(self, urn: str) -> Row:
        return self.rows.setdefault(urn, Row(urn, type_of(urn), name_of(urn)))


def _row_json(row: Row) -> dict[str, Any]:
    plain = ("urn", "type", "name", "parent", "op", "failed")
    found = {key: getattr(row, key) for key in plain}
    return found | {"inputs": mask(row.inputs), "messages": _messages_json(row.messages)}


def _messages_json(messages: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"severity": severity, "message": text} for severity, text in messages]
