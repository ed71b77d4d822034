"""The resource monitor and the engine as the program's SDK sees them, in this process instead of behind gRPC."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from emulator.dry_run.run import StopRun
from emulator.errors import OperationError, UsageError
from emulator.plugins.base import ProviderError
from emulator.properties.wire import to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.deployment import Deployment
    from emulator.dry_run.events import Events

_SEVERITIES = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


class CallError(grpc.RpcError):
    """An answer that is an error, as gRPC would bring it to the program."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        """Take what `code()` and `details()` return."""
        super().__init__(details)
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        """Return the status code."""
        return self._code

    def details(self) -> str:
        """Return the message."""
        return self._details


def _gone() -> CallError:
    """Return what a program gets from an engine that has stopped: the SDK ends it without a traceback."""
    return CallError(grpc.StatusCode.UNAVAILABLE, "the engine has stopped")


class _NoMocks(Mocks):
    """`MockMonitor` wants mocks; every call that would use them is answered by the deployment."""

    def call(self, args: Any) -> Any:
        raise NotImplementedError

    def new_resource(self, args: Any) -> Any:
        raise NotImplementedError


class Monitor(MockMonitor):
    """Hands the SDK's raw requests to the deployment, one at a time."""

    def __init__(self, deployment: Deployment) -> None:
        """Take the deployment that answers."""
        super().__init__(_NoMocks())
        self._deployment = deployment
        self._turn = threading.Lock()

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
        result = self._answer(lambda: self._deployment.invoke(request))
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(result))
        return response

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse a method call on a resource."""
        raise CallError(
            grpc.StatusCode.UNIMPLEMENTED, f"the emulator does not run resource methods ({request.tok})"
        )

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        """Refuse a parameterised package."""
        raise CallError(
            grpc.StatusCode.UNIMPLEMENTED, f"the emulator has no parameterised packages ({request.name})"
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
        with self._turn:
            try:
                return call()
            except StopRun:
                raise _gone() from None
            except (OperationError, UsageError) as error:
                self._deployment.run.stop("", str(error))
                raise _gone() from None
            except ProviderError as error:
                raise CallError(grpc.StatusCode.UNKNOWN, str(error)) from None


class Engine:
    """What the SDK logs to."""

    def __init__(self, events: Events) -> None:
        """Take where messages go."""
        self._events = events

    def Log(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Pass a message on; the SDK's own debug messages are many and nobody reads them here."""
        severity = _SEVERITIES[request.severity]
        if severity != "debug":
            self._events.diagnostic(severity, request.message, request.urn)
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: N802
        """Accept: there is no CLI whose version could be wrong."""
        del request
        return empty_pb2.Empty()
