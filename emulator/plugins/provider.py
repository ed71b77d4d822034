"""A provider of the emulator over Pulumi's provider protocol (pulumirpc.ResourceProvider)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc, status_pb2

from emulator.plugins.base import PATIENCE, PartialError
from emulator.plugins.plugin import Plugin, plain, told
from emulator.properties.urns import make_urn, package_of
from emulator.properties.values import mark_secrets
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct

    from emulator.plugins.plugin import Context, Session
    from emulator.properties.values import Props

_KINDS = {"add": "ADD", "update": "UPDATE", "delete": "DELETE"}


def _marked(properties: Props, *sources: Struct) -> Struct:
    """Write properties; what was secret in one of the messages that they come from stays secret."""
    marked: Any = properties
    for source in sources:
        marked = mark_secrets(marked, from_struct(source))
    return to_struct(marked)


def _half_made(error: PartialError, inputs: Struct) -> tuple[tuple[str, bytes], ...]:
    """Return the details of a status that tell the engine to keep the resource and to go on from it next time."""
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.id, properties=_marked(error.outputs, inputs), reasons=[str(error)], inputs=inputs
        )
    )
    return (("grpc-status-details-bin", status.SerializeToString()),)


class ProviderServicer(Plugin):
    """Serves the provider of one package: its resources, functions and components."""

    @told
    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> Any:  # noqa: N802
        """Fill in defaults, say what is wrong."""
        olds = plain(request.olds) if request.olds.fields else None
        inputs, failures = self.session(context).provider.check(request.urn, olds, plain(request.news))
        return provider_pb2.CheckResponse(
            inputs=_marked(inputs, request.news),
            failures=[provider_pb2.CheckFailure(property=f.property, reason=f.reason) for f in failures],
        )

    @told
    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> Any:  # noqa: N802
        """Say what would change, property by property, and what cannot change in place."""
        olds, news = plain(request.old_inputs), plain(request.news)
        diff = self.session(context).provider.diff(request.urn, olds, news)
        response, kinds = provider_pb2.DiffResponse, provider_pb2.PropertyDiff
        changes = {None: response.DIFF_UNKNOWN, True: response.DIFF_SOME, False: response.DIFF_NONE}[
            diff.changes
        ]
        detailed = {
            path: kinds(
                kind=kinds.Kind.Value(_KINDS[kind] + ("_REPLACE" if path in diff.replaces else "")),
                inputDiff=True,
            )
            for path, kind in diff.diffs.items()
        }
        tops = {path.partition(".")[0].partition("[")[0] for path in diff.diffs}
        return response(
            changes=changes,
            diffs=sorted(tops),
            replaces=diff.replaces,
            detailedDiff=detailed,
            hasDetailedDiff=bool(detailed),
            deleteBeforeReplace=diff.delete_before_replace,
        )

    @told
    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> Any:  # noqa: N802
        """Create; in a preview only say what is known of the outputs."""
        provider = self.session(context).provider
        PATIENCE.set(request.timeout)
        try:
            id_, outputs = provider.create(request.urn, plain(request.properties), preview=request.preview)
        except PartialError as error:
            context.set_trailing_metadata(_half_made(error, request.properties))
            raise
        return provider_pb2.CreateResponse(id=id_, properties=_marked(outputs, request.properties))

    @told
    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> Any:  # noqa: N802
        """Read; no id means that the resource is gone."""
        inputs = plain(request.inputs) if request.inputs.fields else None
        found = self.session(context).provider.read(request.urn, request.id, inputs)
        if found is None:
            return provider_pb2.ReadResponse()
        id_, live, outputs = found
        return provider_pb2.ReadResponse(
            id=id_,
            inputs=_marked(live, request.inputs),
            properties=_marked(outputs, request.inputs, request.properties),
        )

    @told
    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> Any:  # noqa: N802
        """Change in place; in a preview only say what is known of the outputs."""
        PATIENCE.set(request.timeout)
        olds, news = plain(request.olds), plain(request.news)
        outputs = self.session(context).provider.update(
            request.urn, request.id, olds, news, preview=request.preview
        )
        return provider_pb2.UpdateResponse(properties=_marked(outputs, request.news))

    @told
    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:  # noqa: N802
        """Delete."""
        self.session(context).provider.delete(request.urn, request.id, plain(request.properties))
        return Empty()

    @told
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> Any:  # noqa: N802
        """Answer a function."""
        result = self.session(context).provider.invoke(request.tok, plain(request.args))
        answer: dict[str, Any] = {"return": to_struct(result)}  # a keyword of Python
        return provider_pb2.InvokeResponse(**answer)

    @told
    def Construct(self, request: provider_pb2.ConstructRequest, context: Context) -> Any:  # noqa: N802
        """Register a remote component and what is known to be in it."""
        return _construct(self.session(context), request)


def _construct(session: Session, request: provider_pb2.ConstructRequest) -> provider_pb2.ConstructResponse:
    """Register a remote component (`helm.v4.Chart`, `yaml.v2.ConfigGroup`) and the resources in it, and say what is not known of it."""
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
