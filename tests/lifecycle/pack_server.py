"""The pack in a process of its own, spoken to as the engine does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

if TYPE_CHECKING:
    from secure_aks_lifecycle.judging.resource import Resource

PACK = Path(__file__).parents[2] / "policies" / "lifecycle"
LEVELS = {
    pb.ADVISORY: "advisory",
    pb.MANDATORY: "mandatory",
    pb.DISABLED: "disabled",
    pb.REMEDIATE: "remediate",
}


@dataclass(frozen=True)
class Said:
    policy: str
    level: str
    message: str


class PackServer:
    def __init__(self, config: dict[str, object], clock: str | None) -> None:
        env = {name: value for name, value in os.environ.items() if name != "SECURE_AKS_CLOCK"}
        env |= {"SECURE_AKS_CLOCK": clock} if clock else {}
        env |= {
            "PULUMI_ORGANIZATION": "organization",
            "PULUMI_PROJECT": "secure-aks",
            "PULUMI_STACK": "prod",
            "PULUMI_DRY_RUN": "true",
            # Structured values arrive as JSON text, as the real engine sends them.
            "PULUMI_CONFIG": json.dumps(
                {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
            ),
        }
        arguments = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
        self._process = subprocess.Popen(arguments, cwd=PACK, env=env, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port.isdigit(), "the pack did not start"
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub: Any = AnalyzerStub(self._channel)

    def stop(self) -> None:
        self._channel.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        if self._process.stdout:
            self._process.stdout.close()

    def levels(self) -> dict[str, str]:
        info = self.stub.GetAnalyzerInfo(empty_pb2.Empty())
        return {policy.name: LEVELS[policy.enforcementLevel] for policy in info.policies}

    def configure(self, rule: str, level: Any, **params: Any) -> None:
        request = pb.ConfigureAnalyzerRequest()
        request.policyConfig[rule].enforcementLevel = level
        request.policyConfig[rule].properties.update(params)
        self.stub.Configure(request)

    def analyze(self, resource: Resource) -> list[Said]:
        request = pb.AnalyzeRequest(
            type=resource.type, urn=resource.urn, name=resource.name, properties=_struct(resource.props)
        )
        return [_said(item) for item in self.stub.Analyze(request).diagnostics]

    def analyze_stack(self, *resources: Resource) -> list[Said]:
        items = [
            pb.AnalyzerResource(type=r.type, urn=r.urn, name=r.name, properties=_struct(r.props))
            for r in resources
        ]
        return [
            _said(item)
            for item in self.stub.AnalyzeStack(pb.AnalyzeStackRequest(resources=items)).diagnostics
        ]


def _said(item: Any) -> Said:
    return Said(
        item.policyName, LEVELS[item.enforcementLevel], item.message.removeprefix(item.description).strip()
    )


def _struct(props: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(props)
    return struct
