"""A resource as the program registers it, with what is known of it before the first `up`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import analyzer_pb2

from emulator.properties.urns import PROVIDER_PREFIX, make_urn, name_of
from emulator.properties.wire import from_struct

if TYPE_CHECKING:
    from emulator.plugins.base import Child
    from emulator.properties.values import Props


@dataclass
class Resource:
    """One resource; `inputs` and `outputs` hold secrets marked, and UNKNOWN for what only an `up` can tell."""

    urn: str
    type: str
    custom: bool = False
    id: str = ""
    inputs: Props = field(default_factory=dict[str, Any])
    outputs: Props = field(default_factory=dict[str, Any])
    parent: str = ""
    provider: str = ""
    dependencies: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    additional_secret_outputs: list[str] = field(default_factory=list[str])
    options: analyzer_pb2.AnalyzerResourceOptions | None = None
    """The resource's options as policies see them."""
    external: bool = False
    """Whether it is read only: another stack, or somebody else's resource."""

    @property
    def is_default_provider(self) -> bool:
        """Whether nobody asked for it: a provider that the run made by itself."""
        return self.type.startswith(PROVIDER_PREFIX) and name_of(self.urn).startswith("default")


def registered(request: Any, stack: str, project: str) -> Resource:
    """Read a `RegisterResourceRequest`."""
    options = analyzer_pb2.AnalyzerResourceOptions(
        protect=request.protect,
        ignoreChanges=request.ignoreChanges,
        deleteBeforeReplace=request.deleteBeforeReplaceDefined and request.deleteBeforeReplace,
        deleteBeforeReplaceDefined=request.deleteBeforeReplaceDefined,
        additionalSecretOutputs=request.additionalSecretOutputs,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(),
        parent=request.parent,
    )  # without the aliases: each Azure resource has a hundred
    return Resource(
        urn=make_urn(stack, project, request.parent, request.type, request.name),
        type=request.type,
        custom=request.custom and not request.remote,
        inputs=from_struct(request.object),
        parent=request.parent,
        provider=request.provider,
        dependencies=list(request.dependencies),
        property_dependencies={k: list(v.urns) for k, v in request.propertyDependencies.items()},
        additional_secret_outputs=list(request.additionalSecretOutputs),
        options=options,
    )


def inside(component: Resource, urn: str, child: Child) -> Resource:
    """Make a resource that a provider registers as a part of a component."""
    return Resource(
        urn,
        child.type,
        custom=True,
        inputs=child.inputs,
        parent=component.urn,
        provider=component.provider,
        dependencies=component.dependencies,
        options=analyzer_pb2.AnalyzerResourceOptions(parent=component.urn),
    )


def read(request: Any, stack: str, project: str) -> Resource:
    """Read a `ReadResourceRequest`."""
    return Resource(
        urn=make_urn(stack, project, request.parent, request.type, request.name),
        type=request.type,
        custom=True,
        id=request.id,
        inputs=from_struct(request.properties),
        parent=request.parent,
        provider=request.provider,
        additional_secret_outputs=list(request.additionalSecretOutputs),
        external=True,
    )
