"""Remote components (`helm.v4.Chart`, `yaml.v2.ConfigGroup`): the provider registers them, and what is in them, with the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from emulator.properties.urns import make_urn, package_of
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from emulator.plugins.sessions import Session


def construct(session: Session, request: provider_pb2.ConstructRequest) -> provider_pb2.ConstructResponse:
    """Register the component and the resources in it, and say what is not known of it."""
    stated = from_struct(request.inputs)
    urn = make_urn(request.stack, request.project, request.parent, request.type, request.name)
    built = session.provider.construct(urn, request.type, stated, preview=request.dryRun)
    with grpc.insecure_channel(request.monitorEndpoint) as channel:
        monitor: Any = resource_pb2_grpc.ResourceMonitorStub(channel)
        component: Any = monitor.RegisterResource(
            resource_pb2.RegisterResourceRequest(
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=False,
                aliases=cast("Any", request).aliases,
                dependencies=request.dependencies,
                providers=request.providers,
                object=to_struct(built.unread),
            )
        )
        for child in built.children:
            monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type=child.type,
                    name=child.name,
                    parent=component.urn,
                    custom=True,
                    object=to_struct(child.inputs),
                    acceptSecrets=True,
                    dependencies=request.dependencies,
                    provider=request.providers.get(package_of(child.type), ""),
                )
            )
        new = {k: v for k, v in built.outputs.items() if k not in stated}  # thus no secret
        outputs = to_struct(new)
        monitor.RegisterResourceOutputs(
            resource_pb2.RegisterResourceOutputsRequest(urn=component.urn, outputs=outputs)
        )
    if built.note:
        session.log(component.urn, built.note)
    return provider_pb2.ConstructResponse(urn=component.urn, state=outputs)
