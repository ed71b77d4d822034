"""Remote components (`helm.v4.Chart`): the provider registers them with the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from emulator.properties.values import reveal
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from emulator.plugins.sessions import Session


def construct(session: Session, request: provider_pb2.ConstructRequest) -> provider_pb2.ConstructResponse:
    """Register the component, and say what is not known of it."""
    stated = reveal(from_struct(request.inputs))
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
            )
        )
        built = session.provider.construct(component.urn, request.type, stated, preview=request.dryRun)
        new = {k: v for k, v in built.outputs.items() if k not in stated}  # thus no secret
        outputs = to_struct(new)
        monitor.RegisterResourceOutputs(
            resource_pb2.RegisterResourceOutputsRequest(urn=component.urn, outputs=outputs)
        )
    if built.note:
        session.log(component.urn, built.note)
    return provider_pb2.ConstructResponse(urn=component.urn, state=outputs)
