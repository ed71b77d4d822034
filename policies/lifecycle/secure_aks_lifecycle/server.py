"""The pack's gRPC server: the SDK's, which is handed of each resource the policies that read its type, and of a stack what they read.

The SDK converts a resource anew for every policy, and reads the whole configuration anew at every call: for a stack of some
hundred objects, of which a handful say versions, most of what a preview takes in this pack. This stands on private names of
the SDK; `supported` looks for them, and without them the pack runs on the unchanged SDK, slower, with the same verdicts.
"""

from __future__ import annotations

import gc
import sys
from concurrent import futures
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import grpc
import pulumi_policy.policy as sdk
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy, PolicyPack, ResourceValidationPolicy

from secure_aks_lifecycle.judging.resource import plain_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Readers = Mapping[str, Callable[[str], bool]]

_BASE: Any = getattr(sdk, "_PolicyAnalyzerServicer", object)
_NEEDED = ("Analyze", "AnalyzeStack", "Configure", "Remediate", "_configure_runtime_settings")
_VERSION = version("secure-aks-lifecycle")
_MESSAGE_BYTES = 400 * 1024 * 1024
_COLLECT_AFTER = 20_000


def supported() -> bool:
    """Tell whether the installed SDK has the servicer this one is made from."""
    return all(hasattr(_BASE, name) for name in _NEEDED)


def serve(name: str, policies: list[Policy], readers: Readers) -> None:
    """Serve the pack to the engine that started this process; returns when the process is told to end.

    `readers`: by policy, which types of resources it reads; one that is not in it reads any.
    """
    if not supported():
        PolicyPack(name, policies)
        return
    options = [("grpc.max_receive_message_length", _MESSAGE_BYTES)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Servicer(name, policies, readers), server)
    port = server.add_insecure_port("127.0.0.1:0")
    # What is there by now stays; a collection would go through all of it.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    server.start()
    sys.stdout.write(f"{port}\n")  # the protocol: the first line is the port
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)


class _Configured(_BASE):  # pyright: ignore[reportUntypedBaseClass] - the SDK's is private, so it is found by name
    """The SDK's servicer, whose configuration is read once: it comes with the process's environment."""

    def __init__(self, name: str, policies: list[Policy]) -> None:
        base: Any = super()
        base.__init__(name, _VERSION, policies, EnforcementLevel.ADVISORY)
        base._configure_runtime_settings()  # noqa: SLF001 - see `supported`

    def _configure_runtime_settings(self) -> None:
        """Leave it as it is."""


class Servicer(_Configured):
    """Answers each call by the policies that have something to say of it; all else is the SDK's."""

    def __init__(self, name: str, policies: list[Policy], readers: Readers) -> None:
        super().__init__(name, policies)
        self._name, self._policies, self._readers = name, policies, readers
        self._told: Any = None
        self._narrow: dict[str, Any] = {}
        """By type of resource, the servicer of the policies that read it; None where there is none."""

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take levels and parameters from the engine."""
        base: Any = super()
        self._told, self._narrow = request, {}
        return base.Configure(request, context)

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Judge one resource by the policies that read its type."""
        servicer = self._reading(request.type)
        return servicer.Analyze(request, context) if servicer else analyzer_pb2.AnalyzeResponse()

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Mend one resource by the policies that read its type."""
        servicer = self._reading(request.type)
        return servicer.Remediate(request, context) if servicer else analyzer_pb2.RemediateResponse()

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Judge the stack by the resources that some policy of a stack reads."""
        base: Any = super()
        of_stack = [one for one in self._policies if not isinstance(one, ResourceValidationPolicy)]
        read = [item for item in request.resources if any(self._reads(one, item.type) for one in of_stack)]
        return base.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=read), context)

    def _reading(self, token: str) -> Any:
        if token not in self._narrow:
            policies: list[Policy] = [
                one
                for one in self._policies
                if isinstance(one, ResourceValidationPolicy) and self._reads(one, token)
            ]
            servicer: Any = _Configured(self._name, policies) if policies else None
            if servicer and self._told is not None:
                servicer.Configure(self._told, None)
            self._narrow[token] = servicer
        return self._narrow[token]

    def _reads(self, policy: Policy, token: str) -> bool:
        reader = self._readers.get(policy.name)
        return reader is None or reader(plain_type(token))
