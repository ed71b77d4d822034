"""What a preview would do, or an `up` does, read from the engine's events, and whether that is exactly one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pulumi.automation.events import OpType

from upgrades.model.clusters import CONTROL_PLANE

from .of_step import CLUSTER, DEPLOYMENT, POOL, follows, goes_along, is_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi.automation import EngineEvent
    from pulumi.automation.events import StepEventMetadata

    from upgrades.model.steps import Step

STANDS_STILL = {OpType.SAME, OpType.READ, OpType.REFRESH, OpType.READ_REPLACEMENT}
RECORDS = ("pulumi:pulumi:Stack", "secure-aks:")
"""Types that only record: the stack itself and this project's components. They change nothing in Azure."""


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that a preview would change, and the properties that differ.

    `target`, `version` and `cluster` are what it means to a plan: the control plane or a pool, the version it would go to, and
    the Azure name of the cluster that it is of; empty for everything else, and where the engine does not tell.
    """

    op: str
    type: str
    name: str
    properties: tuple[str, ...] = ()
    target: str = ""
    version: str = ""
    cluster: str = ""

    def __str__(self) -> str:
        what = f" ({', '.join(self.properties)})" if self.properties else ""
        return f"{self.op} {self.type.rpartition(':')[2]} {self.name}{what}"


@dataclass(slots=True)
class Previewed:
    """Collects the events of one preview or `up`: hand it to `preview(on_event=...)`."""

    changes: list[Change] = field(default_factory=list[Change])
    errors: list[str] = field(default_factory=list[str])

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            if step.op not in STANDS_STILL and not step.type.startswith(RECORDS):
                self.changes.append(_change(step))
        if event.policy_event and event.policy_event.enforcement_level == "mandatory":
            self.errors.append(f"{event.policy_event.policy_name}: {event.policy_event.message.strip()}")
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self.errors.append(event.diagnostic_event.message.strip())

    def is_nothing(self) -> bool:
        """Tell whether everything is as the stack file says already."""
        return not self.changes and not self.errors

    def beyond(self, step: Step, *, reached: bool = False) -> list[str]:
        """Return what the preview would do that is not this step; empty when it is exactly this step.

        `reached`: Azure runs the step's version already, so that only what follows it may be left (after a kill).
        """
        found = [*self.errors, *self.others(step)]
        is_there = reached or self.is_nothing() or any(is_step(change, step) for change in self.changes)
        return found if is_there else [*found, f"{step.title}: missing"]

    def others(self, step: Step) -> list[str]:
        """Return the changes that are neither this step nor come with it."""
        return [
            str(change)
            for change in self.changes
            if not (is_step(change, step) or follows(change, step) or goes_along(change, step))
        ]


def _change(step: StepEventMetadata) -> Change:
    differs = tuple(sorted(step.detailed_diff or ()) or sorted(step.diffs or ()))
    old: dict[str, Any] = dict((step.old and step.old.inputs) or {})
    new: dict[str, Any] = dict((step.new and step.new.inputs) or {})
    if step.type == DEPLOYMENT and old and new:
        differs = tuple(sorted(_leaves(old, new)))  # a provider may name only the property at the top
    differs = tuple(path for path in differs if not is_left_to_the_autoscaler(path, new))
    return Change(
        str(step.op.value), step.type, step.urn.rpartition("::")[2], differs, *_meaning(step.type, new or old)
    )


def is_left_to_the_autoscaler(path: str, new: Mapping[str, Any]) -> bool:
    """Tell whether a property is the count that a pool was made with, which goes from the state with the pool's first change.

    Azure is sent none and keeps its own.
    """
    if not (path == "count" or (path.startswith("agentPoolProfiles[") and path.endswith("].count"))):
        return False
    number = path.removeprefix("agentPoolProfiles[").partition("]")[0]
    pool = (
        new if path == "count" else _at(new, "agentPoolProfiles", int(number) if number.isdecimal() else -1)
    )
    return bool(_at(pool, "enableAutoScaling")) and _at(pool, "count") is None


def _meaning(kind: str, inputs: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the target, the version and the cluster that a resource's inputs speak of."""
    cluster = str(inputs.get("resourceName", ""))
    if kind == CLUSTER:
        return CONTROL_PLANE, str(inputs.get("kubernetesVersion", "")), cluster
    if kind == POOL:
        return str(inputs.get("agentPoolName", "")), str(inputs.get("orchestratorVersion", "")), cluster
    if kind == DEPLOYMENT:
        pool = ("properties", "template", "resources", 0)
        name, version = _at(inputs, *pool, "name"), _at(inputs, *pool, "properties", "orchestratorVersion")
        cluster, _, target = str(name or "").rpartition("/")
        return target, str(version or ""), cluster
    return "", "", ""


def _at(value: Any, *path: str | int) -> Any:
    """Return what lies at a path; None when it does not go that far."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _leaves(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of the values that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        before, after = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
        for key in before.keys() | after.keys():
            yield from _leaves(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list):
        one, two = cast("list[Any]", old), cast("list[Any]", new)
        if len(one) != len(two):
            yield path
        for place, (before, after) in enumerate(zip(one, two, strict=False)):
            yield from _leaves(before, after, f"{path}[{place}]")
    elif old != new:
        yield path
