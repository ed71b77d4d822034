"""What a preview would do, read from the engine's events, and whether that is exactly one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi.automation.events import OpType

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent

    from .fleet import Step

CLUSTER, POOL, DEPLOYMENT = (
    "azure-native:containerservice:ManagedCluster",
    "azure-native:containerservice:AgentPool",
    "azure-native:resources:Deployment",
)
STANDS_STILL = {OpType.SAME, OpType.READ, OpType.REFRESH, OpType.READ_REPLACEMENT}
RECORDS = ("pulumi:pulumi:Stack", "secure-aks:")
"""Types that only record: the stack itself and this project's components. They change nothing in Azure."""


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that a preview would change, and the properties that differ."""

    op: str
    type: str
    name: str
    properties: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f" ({', '.join(self.properties)})" if self.properties else ""
        return f"{self.op} {self.type.rpartition(':')[2]} {self.name}{what}"


@dataclass(slots=True)
class Previewed:
    """Collects the events of one preview: hand it to `preview(on_event=...)`."""

    changes: list[Change] = field(default_factory=list[Change])
    errors: list[str] = field(default_factory=list[str])

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            if step.op not in STANDS_STILL and not step.type.startswith(RECORDS):
                differs = sorted(step.detailed_diff or ()) or sorted(step.diffs or ())
                name = step.urn.rpartition("::")[2]
                self.changes.append(Change(str(step.op.value), step.type, name, tuple(differs)))
        if event.policy_event and event.policy_event.enforcement_level == "mandatory":
            self.errors.append(f"{event.policy_event.policy_name}: {event.policy_event.message.strip()}")
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(event.diagnostic_event.message.strip())

    def is_nothing(self) -> bool:
        """Tell whether everything is as the stack file says already."""
        return not self.changes and not self.errors

    def beyond(self, step: Step) -> list[str]:
        """Return what the preview would do that is not this step; empty when it is exactly this step."""
        return [
            *self.errors,
            *(str(change) for change in self.changes if not _is(change, step) and not _follows(change)),
            *(
                ()
                if self.is_nothing() or any(_is(c, step) for c in self.changes)
                else (f"{step.title}: missing",)
            ),
        ]


def _is(change: Change, step: Step) -> bool:
    if change.op != OpType.UPDATE.value:
        return False
    roots = {path.partition(".")[0].partition("[")[0] for path in change.properties}
    if step.is_control_plane:
        return change.type == CLUSTER and roots == {"kubernetesVersion"}
    if change.type == POOL:
        return change.name == step.target and roots == {"orchestratorVersion"}
    # The system pool's version goes through an ARM deployment of that one pool.
    return change.type == DEPLOYMENT and roots == {"properties"} and not _follows(change)


def _follows(change: Change) -> bool:
    """Tell whether a change only sets the system pool right again after one of the cluster (SystemPoolVersion)."""
    return (
        change.op == OpType.UPDATE.value
        and change.type == DEPLOYMENT
        and bool(change.properties)
        and all(path.startswith("properties.template.metadata") for path in change.properties)
    )
