"""One policy pack over its gRPC protocol (`pulumirpc.Analyzer`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS  # pyright: ignore[reportPrivateUsage] - message sizes as the SDK's
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from emulator.dry_run.policy_config import LEVELS, PolicySchema, PolicySettings, reconcile
from emulator.dry_run.yaml_files import load_yaml
from emulator.errors import ConfigError, OperationError
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.pack_process import PackProcess
    from emulator.plugins.base import Props


@dataclass(frozen=True)
class Violation:
    """What a policy said about a resource. `unknown`: it could not be run, a value is not known at preview."""

    urn: str
    pack: str
    version: str
    policy: str
    level: str
    message: str
    unknown: bool = False


@dataclass(frozen=True)
class Remediation:
    """New inputs that a policy put in place of a resource's own."""

    pack: str
    policy: str
    description: str
    inputs: Props


class Pack:
    """One pack that serves: its name, its version and the calls."""

    def __init__(
        self, process: PackProcess, config: dict[str, PolicySettings], stack: pb.AnalyzerStackConfigureRequest
    ) -> None:
        """Connect to the pack and configure it. Raises OperationError or ConfigError with all problems of its configuration."""
        self.process = process
        self._channel = grpc.insecure_channel(f"127.0.0.1:{process.port()}", options=_GRPC_CHANNEL_OPTIONS)
        self.stub: Any = AnalyzerStub(self._channel)
        self.stub.ConfigureStack(stack)
        info: Any = self.stub.GetAnalyzerInfo(empty_pb2.Empty())
        self.name: str = info.name
        self.version = str(load_yaml(process.folder / "PulumiPolicy.yaml").get("version") or info.version)
        schemas = {
            p.name: PolicySchema(
                LEVELS[int(p.enforcementLevel)],
                from_struct(p.configSchema.properties),
                list(p.configSchema.required),
            )
            for p in info.policies
        }
        initial = {
            name: PolicySettings(LEVELS[int(c.enforcementLevel)], from_struct(c.properties))
            for name, c in info.initialConfig.items()
        }
        unknown = [f"{name}: there is no such policy" for name in config if name not in {"all", *schemas}]
        settings, problems = reconcile(schemas, [initial, config])
        if problems := unknown + problems:
            raise ConfigError("\n".join(f"policy pack {self.name}: {p}" for p in problems))
        self.remediates = any(s.level == "remediate" for s in settings.values())
        self._configure(settings)

    def _configure(self, settings: dict[str, PolicySettings]) -> None:
        request = pb.ConfigureAnalyzerRequest()
        for name, s in settings.items():
            entry = request.policyConfig[name]
            entry.enforcementLevel = LEVELS.index(s.level or "advisory")  # pyright: ignore[reportAttributeAccessIssue] - an int is what protobuf takes
            entry.properties.CopyFrom(to_struct(s.properties))
        self.stub.Configure(request)

    def close(self) -> None:
        """End the connection."""
        self._channel.close()

    def violations(self, response: Any, urn: str, known: Callable[[str], bool]) -> list[Violation]:
        """Read a reply; a diagnostic that names a resource of the stack stands there, others at `urn`."""
        return [
            Violation(
                urn=d.urn if d.urn and known(d.urn) else urn,
                pack=d.policyPackName or self.name,
                version=self.version,
                policy=d.policyName,
                level="advisory" if d.enforcementLevel == pb.ADVISORY else "mandatory",
                message=d.message.removeprefix(d.description).strip() or d.description,
                unknown=d.message.startswith("can't run policy"),
            )
            for d in response.diagnostics
            if d.enforcementLevel != pb.DISABLED
        ]


def call(pack: Pack, urn: str, answer: Callable[[], Any]) -> Any:
    """Return what `answer` does. Raises OperationError, with what the pack wrote, when a policy crashed at `urn`."""
    try:
        return answer()
    except grpc.RpcError as error:
        why = error.details() if isinstance(error, grpc.Call) else str(error)
        said = "\n".join(pack.process.said())
        raise OperationError(f"the policy pack {pack.name} failed at {urn}: {why}\n{said}".strip()) from None
