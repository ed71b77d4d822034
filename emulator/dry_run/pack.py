"""One policy pack over its gRPC protocol (`pulumirpc.Analyzer`), configured as the engine configures it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS  # pyright: ignore[reportPrivateUsage] - message sizes as the SDK's
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from emulator.dry_run.report import Verdict
from emulator.engine.language_host.patience import to_answer, to_start, told
from emulator.errors import ConfigError, OperationError
from emulator.properties.values import is_object
from emulator.properties.wire import from_struct, to_struct
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.engine.language_host.pack_process import PackProcess

_REPEATED = "during preview: "  # what the SDK says before it is the policy's name once more
_UNKNOWN = ("can't run policy", "unknown until `up`")
"""What the message of a policy says that met a value not known yet: the SDK's words, and this project's packs'."""


class Pack:
    """One pack that serves: its name, its version and the calls."""

    def __init__(self, process: PackProcess, stack: pb.AnalyzerStackConfigureRequest) -> None:
        """Connect to the pack and configure it. Raises OperationError, and ConfigError for parameters that are missing."""
        self._process = process
        self._has_answered = False
        self._port = process.port()
        # No company's proxy stands between this machine and itself.
        options = [*_GRPC_CHANNEL_OPTIONS, ("grpc.enable_http_proxy", 0)]
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self._port}", options=options)
        self.stub: Any = AnalyzerStub(self._channel)
        self.name = Path(process.folder).name
        self.call("its start", lambda: self.stub.ConfigureStack(stack, timeout=to_start()))
        info: Any = self.call(
            "its start", lambda: self.stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=to_start())
        )
        self.name = str(info.name)
        self.version = str(
            load_yaml(Path(process.folder, "PulumiPolicy.yaml")).get("version") or info.version
        )
        request, missing = _configuration(info)
        if missing:
            raise ConfigError("\n".join(f"policy pack {self.name}: {m}" for m in missing))
        self.remediates = any(c.enforcementLevel == pb.REMEDIATE for c in request.policyConfig.values())
        self.call("its configuration", lambda: self.stub.Configure(request, timeout=to_start()))
        self._has_answered = True

    def close(self) -> None:
        """End the connection."""
        self._channel.close()

    def call(self, urn: str, answer: Callable[[], Any]) -> Any:
        """Return what `answer` does. Raises OperationError, with what the pack wrote, when a policy crashed at `urn`."""
        try:
            return answer()
        except (grpc.RpcError, grpc.FutureTimeoutError) as error:
            raise OperationError(told(self.name, self._failed(error, urn), self._process.said())) from None

    def _failed(self, error: Exception, urn: str) -> str:
        why = error.details() if isinstance(error, grpc.Call) else str(error)
        code = error.code() if isinstance(error, grpc.Call) else None
        if code is grpc.StatusCode.UNAVAILABLE and (ended := self._process.ended()) is not None:
            return f"has ended, with exit code {ended}"
        if (
            code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
            and not self._has_answered
        ):
            return f"named port {self._port}, and does not answer there"
        if code is grpc.StatusCode.DEADLINE_EXCEEDED or isinstance(error, grpc.FutureTimeoutError):
            return f"has not answered within {to_answer():.0f} s at {urn}"
        return f"failed at {urn}: {why}"

    def verdicts(self, response: Any, urn: str, known: set[str] | None = None) -> Iterator[Verdict]:
        """Read a reply; a diagnostic that names a resource (one of `known`, if given) stands there, others at `urn`."""
        for d in response.diagnostics:
            if d.enforcementLevel == pb.DISABLED:
                continue
            level = "advisory" if d.enforcementLevel == pb.ADVISORY else "mandatory"
            message = d.message.removeprefix(d.description).strip() or d.description
            if level == "advisory" and any(words in message for words in _UNKNOWN):
                level, message = "unknown", message.partition(_REPEATED)[2] or message
            at = d.urn if d.urn and (known is None or d.urn in known) else urn
            yield Verdict(d.policyPackName or self.name, d.policyName, level, message, at)


def _configuration(info: Any) -> tuple[Any, list[str]]:
    """Return every policy's level and parameters, and what is missing ("<policy>: <parameter> is required").

    In rising order, as the engine puts them together (pulumi/pulumi `pkg/resource/analyzer/config.go`): the policy's own level and
    the defaults of its schema's top-level properties, "all" of the pack's initial configuration, the policy's entry in it.
    """
    request = pb.ConfigureAnalyzerRequest()
    missing: list[str] = []
    for policy in info.policies:
        entry = request.policyConfig[policy.name]
        schema = from_struct(policy.configSchema.properties)
        values = {k: v["default"] for k, v in schema.items() if is_object(v) and "default" in v}
        entry.enforcementLevel = policy.enforcementLevel
        for name in ("all", policy.name):
            if name in info.initialConfig:
                entry.enforcementLevel = info.initialConfig[name].enforcementLevel
        if policy.name in info.initialConfig:
            values |= from_struct(info.initialConfig[policy.name].properties)
        entry.properties.CopyFrom(to_struct(values))
        missing += [
            f"{policy.name}: {k} is required" for k in policy.configSchema.required if k not in values
        ]
    return request, missing
