"""The resource monitor and the engine as the program's SDK sees them, in this process instead of behind gRPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, resource_pb2

from emulator.dry_run.deployment import StopRun
from emulator.errors import OperationError, ProviderError, UsageError
from emulator.properties.wire import to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.deployment import Deployment
    from emulator.dry_run.report import Report

_SEVERITIES = {engine_pb2.INFO: "info", engine_pb2.WARNING: "warning", engine_pb2.ERROR: "error"}
"""The SDK's own debug messages are many, and nobody reads them here."""


class _CallError(grpc.RpcError):
    """An answer that is an error, as gRPC would bring it to the program."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self.code, self.details = lambda: code, lambda: details


class Monitor(MockMonitor):
    """Hands the SDK's raw requests to the deployment."""

    def __init__(self, deployment: Deployment) -> None:
        """Take the deployment that answers."""
        super().__init__(None)  # pyright: ignore[reportArgumentType] - no mocks: the deployment answers every call
        self._deployment = deployment

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's names
        """Register a resource."""
        return self._answer(lambda: self._deployment.register(request))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Take a component's outputs."""
        self._answer(lambda: self._deployment.register_outputs(request))
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Read a resource."""
        return self._answer(lambda: self._deployment.read(request))

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Call a provider's function."""
        answer: dict[str, Any] = {"return": to_struct(self._answer(lambda: self._deployment.invoke(request)))}
        return resource_pb2.ResourceInvokeResponse(**answer)

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse a method call on a resource."""
        raise _CallError(
            grpc.StatusCode.UNIMPLEMENTED, f"a dry run calls no methods of resources ({request.tok})"
        )

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        """Refuse a parameterised package."""
        raise _CallError(
            grpc.StatusCode.UNIMPLEMENTED, f"a dry run has no parameterised packages ({request.name})"
        )

    def GetDeploymentInfo(self, request: Any) -> Any:  # noqa: N802
        """Name the features there are; the SDK refuses the others (transforms, hooks) by name."""
        del request
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[
                resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
                resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
            ]
        )

    def _answer(self, call: Callable[[], Any]) -> Any:
        """Return what a call answers; what ends the run is to the program an engine that has stopped."""
        try:
            return call()
        except ProviderError as error:
            raise _CallError(grpc.StatusCode.UNKNOWN, str(error)) from None
        except (OperationError, UsageError) as error:
            urn = error.urn if isinstance(error, StopRun) else ""
            self._deployment.report.say("error", str(error), urn)
            raise _CallError(grpc.StatusCode.UNAVAILABLE, "the dry run has stopped") from None


class Engine:
    """What the SDK logs to."""

    def __init__(self, report: Report) -> None:
        """Take where messages go."""
        self._report = report

    def Log(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take a message of the program."""
        if request.severity in _SEVERITIES:
            self._report.say(_SEVERITIES[request.severity], request.message, request.urn)
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: N802
        """Accept: there is no CLI whose version could be wrong."""
        del request
        return empty_pb2.Empty()
