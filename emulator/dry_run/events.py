"""The events of a run, in the SDK's own classes: what `pulumi.automation` hands to `on_event` of a real stack."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from pulumi.automation import events as sdk
from pulumi.automation.events import DiffKind, EngineEvent, OpType, PropertyDiff, StepEventMetadata

from emulator.properties.urns import PROVIDER_PREFIX, name_of
from emulator.properties.values import mask, reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.pack import Remediation, Violation
    from emulator.dry_run.project import Config
    from emulator.dry_run.resource import Resource
    from emulator.plugins.base import Diff

    Listener = Callable[[EngineEvent], object]


@dataclass
class Step:
    """One step: what is done to which resource, from which state to which, and what differs."""

    op: OpType
    new: Resource | None
    old: Resource | None = None
    diff: Diff | None = None
    logical: bool = True

    @property
    def resource(self) -> Resource:
        """Return the resource it is about."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a step has one of them
        return found


@dataclass
class Events:
    """Makes events and hands them to the listeners; counts the steps. Events may be sent from any thread, one at a time."""

    listeners: list[Listener]
    planning: bool
    changes: Counter[OpType] = field(default_factory=Counter[OpType])
    _sequence: int = 0
    _owner: int = field(default_factory=threading.get_ident)
    _waiting: SimpleQueue[EngineEvent | None] = field(default_factory=SimpleQueue["EngineEvent | None"])

    def deliver(self) -> None:
        """Hand on what other threads send until `done` is called. Listeners run in the thread that made this object."""
        while (event := self._waiting.get()) is not None:
            self._hand_on(event)

    def done(self) -> None:
        """Say, from another thread, that it sends nothing any more."""
        self._waiting.put(None)

    def prelude(self, config: Config) -> None:
        """Say that a run begins."""
        self._send(prelude_event=sdk.PreludeEvent(config.shown()))

    def before(self, step: Step) -> None:
        """Say that a step begins."""
        self._send(resource_pre_event=sdk.ResourcePreEvent(metadata(step), self.planning))

    def after(self, step: Step) -> None:
        """Say that a step came through."""
        if step.logical and not is_default_provider(step.resource) and _counts(step):
            self.changes[step.op] += 1
        self.outputs(step)

    def outputs(self, step: Step) -> None:
        """Say what a resource's outputs are now."""
        self._send(res_outputs_event=sdk.ResOutputsEvent(metadata(step), self.planning))

    def failed(self, step: Step) -> None:
        """Say that a step failed; a diagnostic tells why."""
        self._send(res_op_failed_event=sdk.ResOpFailedEvent(metadata(step), 1, 1))

    def diagnostic(self, severity: str, message: str, urn: str = "") -> None:
        """Tell the user something: `severity` is "info", "info#err", "warning", "error" or "debug"."""
        self._send(diagnostic_event=sdk.DiagnosticEvent(message, "never", severity, urn=urn or None))

    def violation(self, violation: Violation) -> None:
        """Say that a policy was violated, or could not be run."""
        self._send(
            policy_event=sdk.PolicyEvent(
                message=violation.message,
                color="never",
                policy_name=violation.policy,
                policy_pack_name=violation.pack,
                policy_pack_version=violation.version,
                policy_pack_version_tag="",
                enforcement_level=violation.level,
                resource_urn=violation.urn,
            )
        )

    def remediation(self, urn: str, remediation: Remediation) -> None:
        """Say that a policy changed a resource's inputs (the SDK has no class for that event)."""
        message = f"{remediation.pack}/{remediation.policy} changed its inputs: {remediation.description}"
        self.diagnostic("info", message, urn)

    def summary(self, seconds: float, packs: dict[str, str], *, corrupt: bool = False) -> None:
        """Say what was done, and that the run is over."""
        self._send(summary_event=sdk.SummaryEvent(corrupt, round(seconds), dict(self.changes), packs))
        self._send(cancel_event=sdk.CancelEvent())

    def _send(self, **event: Any) -> None:
        self._sequence += 1
        made = EngineEvent(self._sequence, int(time.time()), **event)
        if threading.get_ident() == self._owner:
            self._hand_on(made)
        else:
            self._waiting.put(made)

    def _hand_on(self, event: EngineEvent) -> None:
        for listener in self.listeners:
            listener(event)


def _counts(step: Step) -> bool:
    """Say whether a step is counted: of reads those alone that bring something new, as the engine does."""
    if step.op is not OpType.READ:
        return True
    return step.old is not None and reveal(step.old.outputs) != reveal(step.resource.outputs)


def is_default_provider(resource: Resource) -> bool:
    """Say whether the engine made this provider by itself."""
    return resource.type.startswith(PROVIDER_PREFIX) and name_of(resource.urn).startswith("default")


def metadata(step: Step) -> StepEventMetadata:
    """Return a step as the SDK describes it, secrets masked."""
    diff = step.diff
    replaces = set(diff.replaces) if diff else set[str]()
    detailed = {
        path: PropertyDiff(DiffKind(f"{kind}-replace" if path in replaces else kind), input_diff=True)
        for path, kind in (diff.diffs.items() if diff else ())
    }
    resource = step.resource
    return StepEventMetadata(
        op=step.op,
        urn=resource.urn,
        type=resource.type,
        provider=resource.provider,
        old=_state(step.old),
        new=_state(step.new),
        keys=sorted(replaces) or None,
        diffs=list(detailed) or None,
        detailed_diff=detailed or None,
        logical=step.logical,
    )


def _state(resource: Resource | None) -> sdk.StepEventStateMetadata | None:
    if resource is None:
        return None
    return sdk.StepEventStateMetadata(
        type=resource.type,
        urn=resource.urn,
        id=resource.id,
        parent=resource.parent,
        provider=resource.provider,
        custom=resource.custom,
        delete=resource.delete,
        protect=resource.protect,
        retain_on_delete=resource.retain_on_delete,
        inputs=mask(resource.inputs),
        outputs=mask(resource.outputs),
        init_errors=resource.init_errors or None,
    )
