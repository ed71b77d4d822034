"""The pack as the engine runs it: its own process, spoken to over the analyzer protocol."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

PACK = Path(__file__).parents[2] / "policies" / "security"
LEVELS = {"advisory": 0, "mandatory": 1, "disabled": 2, "remediate": 3}


class Analyzer:
    """A running pack and the calls the engine makes to it."""

    def __init__(self, process: subprocess.Popen[str], port: int):
        self.process = process
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self.channel)

    def analyze(
        self, resource_type: str, properties: dict[str, Any], name: str = "it", provider=None, ignored=()
    ):
        """The diagnostics about one resource; `ignored` are its ignoreChanges."""
        request = analyzer_pb2.AnalyzeRequest(type=resource_type, name=name, urn=urn(resource_type, name))
        request.options.ignoreChanges.extend(ignored)
        request.properties.CopyFrom(struct(properties))
        if provider:
            request.provider.properties.CopyFrom(struct(provider))
        return list(self.stub.Analyze(request).diagnostics)

    def analyze_stack(self, resources: list[tuple[str, str, dict[str, Any]]], parents=None):
        """The diagnostics about (type, name, properties) of a whole stack; `parents` are URNs by name."""
        request = analyzer_pb2.AnalyzeStackRequest()
        for resource_type, name, properties in resources:
            resource = request.resources.add(type=resource_type, name=name, urn=urn(resource_type, name))
            resource.parent = (parents or {}).get(name, "")
            resource.properties.CopyFrom(struct(properties))
        return list(self.stub.AnalyzeStack(request).diagnostics)

    def configure(self, settings: dict[str, dict[str, Any]]):
        """Give levels and parameters, as `--policy-pack-config` ends up."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, setting in settings.items():
            parameters = {key: value for key, value in setting.items() if key != "enforcementLevel"}
            level: Any = LEVELS[setting["enforcementLevel"]]  # protobuf takes the number
            request.policyConfig[name].enforcementLevel = level
            request.policyConfig[name].properties.CopyFrom(struct(parameters))
        self.stub.Configure(request)


@contextmanager
def pack(
    config: dict[str, Any] | None = None, clock: str = "2026-11-23", module: str = ""
) -> Generator[Analyzer]:
    """A pack process with the stack configuration `config`, ended at the end."""
    environment = {
        **os.environ,
        "PULUMI_ORGANIZATION": "organization",
        "PULUMI_PROJECT": "secure-aks",
        "PULUMI_STACK": "test",
        "PULUMI_DRY_RUN": "true",
        "PULUMI_CONFIG": json.dumps({key: json.dumps(value) for key, value in (config or {}).items()}),
        "SECURE_AKS_CLOCK": clock,
    }
    start = [sys.executable, "-u"] + (
        ["-c", module] if module else ["-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
    )
    process = subprocess.Popen(start, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        analyzer = Analyzer(process, int(process.stdout.readline()))
        yield analyzer
        analyzer.channel.close()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def urn(resource_type: str, name: str) -> str:
    """A URN as the engine makes them."""
    return f"urn:pulumi:test::secure-aks::{resource_type}::{name}"


def struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    """Properties as they travel."""
    message = struct_pb2.Struct()
    message.update(properties)
    return message
