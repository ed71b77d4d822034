"""What the program asks for when it registers a resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import analyzer_pb2

from emulator.dry_run.resource import Resource
from emulator.properties.urns import make_urn, name_of, type_of
from emulator.properties.wire import from_struct

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Goal:
    """A resource as the program wants it, and the options that say how to get there."""

    resource: Resource
    remote: bool = False
    ignore_changes: list[str] = field(default_factory=list[str])
    replace_on_changes: list[str] = field(default_factory=list[str])
    delete_before_replace: bool | None = None
    aliases: list[Any] = field(default_factory=list[Any])
    import_id: str = ""

    def policy_options(self) -> analyzer_pb2.AnalyzerResourceOptions:
        """Return the options as policies see them (without aliases: each Azure resource has a hundred)."""
        return analyzer_pb2.AnalyzerResourceOptions(
            protect=self.resource.protect,
            ignoreChanges=self.ignore_changes,
            deleteBeforeReplace=bool(self.delete_before_replace),
            deleteBeforeReplaceDefined=self.delete_before_replace is not None,
            additionalSecretOutputs=self.resource.additional_secret_outputs,
            customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(),
            parent=self.resource.parent,
        )


def goal_of(request: Any, stack: str, project: str) -> Goal:
    """Read a `RegisterResourceRequest`."""
    resource = Resource(
        urn=make_urn(stack, project, request.parent, request.type, request.name),
        type=request.type,
        custom=request.custom and not request.remote,
        inputs=from_struct(request.object),
        parent=request.parent,
        provider=request.provider,
        dependencies=list(request.dependencies),
        property_dependencies={k: list(v.urns) for k, v in request.propertyDependencies.items()},
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        deleted_with=request.deletedWith,
        ignore_changes=list(request.ignoreChanges),
        additional_secret_outputs=list(request.additionalSecretOutputs),
    )
    return Goal(
        resource=resource,
        remote=request.remote,
        ignore_changes=list(request.ignoreChanges),
        replace_on_changes=list(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        aliases=list(request.aliases) or [_Urn(urn) for urn in request.aliasURNs],
        import_id=request.importId,
    )


@dataclass(frozen=True)
class _Urn:
    """An alias given as a URN, shaped as the protocol's message."""

    urn: str

    def HasField(self, name: str) -> bool:  # noqa: N802 - protobuf's name
        return name == "urn"


def former_urns(goal: Goal, former_parent: str, stack: str, project: str) -> Iterator[str]:
    """Yield the URNs that a resource may have had, by its aliases and by its parent's own renaming."""
    resource = goal.resource
    name = name_of(resource.urn)
    parents = [resource.parent]
    if former_parent:
        parents.append(former_parent)
        new, old = name_of(resource.parent), name_of(former_parent)
        renamed = old + name.removeprefix(new) if name.startswith(new) else name
        yield make_urn(stack, project, former_parent, resource.type, renamed)
        yield make_urn(stack, project, former_parent, resource.type, name)
    for alias in goal.aliases:
        if alias.HasField("urn"):
            yield alias.urn
            continue
        spec = alias.spec
        given = [""] if spec.noParent else [spec.parentUrn] if spec.parentUrn else parents
        for parent in given:
            yield make_urn(
                spec.stack or stack,
                spec.project or project,
                parent,
                spec.type or type_of(resource.urn),
                spec.name or name,
            )
