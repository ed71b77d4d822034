"""What a preview said, collected from the engine's events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi.automation.events import OpType

from upgrades.engine.previewed import RECORDS, STANDS_STILL, is_left_to_the_autoscaler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.automation import EngineEvent
    from pulumi.automation.events import StepEventMetadata

MANDATORY = "mandatory"
LOSES = frozenset(
    {"delete", "replace", "create-replacement", "delete-replaced", "discard", "discard-replaced"}
)
"""Operations after which something that was there is gone."""
_PARTS = {OpType.CREATE_REPLACEMENT, OpType.DELETE_REPLACED}


@dataclass(frozen=True, slots=True, order=True)
class Verdict:
    """What a rule of a pack says: its enforcement level, its id, the resource's name (empty for the stack), the words."""

    level: str
    rule: str
    resource: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that would change: the operation, its type and name, the properties that differ."""

    op: str
    type: str
    name: str
    properties: tuple[str, ...] = ()

    @property
    def loses(self) -> bool:
        """Whether something that is there would be gone."""
        return self.op in LOSES


@dataclass(slots=True)
class Review:
    """One stack's preview: hand it to `preview(on_event=...)`. `failed` is why it did not come to its end, if it did not."""

    stack: str
    drift: bool = False
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    changes: list[Change] = field(default_factory=list[Change])
    unchanged: int = 0
    errors: list[str] = field(default_factory=list[str])
    failed: str = ""

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            if step.op in STANDS_STILL:
                self.unchanged += step.op is OpType.SAME
            elif not _only_tells(step):
                differs = tuple(sorted(step.detailed_diff or ()) or sorted(step.diffs or ()))
                new: Mapping[str, Any] = (step.new and step.new.inputs) or {}
                told = tuple(path for path in differs if not is_left_to_the_autoscaler(path, new))
                self.changes.append(Change(str(step.op.value), step.type, _name(step.urn), told))
        if event.policy_event:
            said = event.policy_event
            self.verdicts.append(
                Verdict(
                    said.enforcement_level,
                    said.policy_name,
                    _name(said.resource_urn or ""),
                    said.message.strip(),
                )
            )
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            message = event.diagnostic_event.message.strip()
            if message and message not in self.errors:
                self.errors.append(message)

    @property
    def refused(self) -> list[Verdict]:
        """The verdicts that stop an `up`."""
        return sorted(verdict for verdict in self.verdicts if verdict.level == MANDATORY)

    @property
    def advised(self) -> list[Verdict]:
        """The verdicts that do not."""
        return sorted(verdict for verdict in self.verdicts if verdict.level != MANDATORY)

    @property
    def counts(self) -> Counter[str]:
        """How many resources would change, by operation."""
        return Counter(change.op for change in self.changes)

    @property
    def exit_code(self) -> int:
        """0: as it should be. 1: refused or failed. 2: drift was looked for, and there is some."""
        if self.refused or self.errors or self.failed:
            return 1
        return 2 if self.drift and self.changes else 0


def _only_tells(step: StepEventMetadata) -> bool:
    """Tell whether nothing of it changes by this: components, the stack, default providers, and parts of a replacement told whole."""
    default = step.type.startswith("pulumi:providers:") and _name(step.urn).startswith("default")
    return default or step.op in _PARTS or step.type.startswith(RECORDS)


def _name(urn: str) -> str:
    kind, _, name = urn.rpartition("::")
    return "" if kind.endswith("pulumi:pulumi:Stack") else name
