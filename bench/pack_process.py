"""The security pack as the engine starts it, other servers on the same protocol, and what is sent to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from bench.measure import ROOT, warm

if TYPE_CHECKING:
    from collections.abc import Sequence

PACK = ROOT / "policies" / "security"
# A server that does nothing, of the pack's kind.
NOTHING = """
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from secure_aks_security.engine import serving
class Nothing(analyzer_pb2_grpc.AnalyzerServicer):
    def Analyze(self, request, context):
        return analyzer_pb2.AnalyzeResponse()
server = serving.server([])
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Nothing(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
"""
# The pack as it is where the SDK's servicer cannot be extended.
SDK = """
import secure_aks_security.server as server
from secure_aks_security.pack import NAME, make
server.supported = lambda: False
server.serve(NAME, *make())
"""


class Pack:
    """The pack as the engine starts it."""

    def __init__(self, config: dict[str, str], code: str = "") -> None:
        """Start it, or another server by its code, and connect."""
        environment = warm({"PULUMI_CONFIG": json.dumps(config)})
        what = ["-c", code] if code else ["-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
        command = [sys.executable, "-u", *what]
        self.process = subprocess.Popen(command, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True)
        port = self.process.stdout.readline().strip() if self.process.stdout else ""
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub: Any = analyzer_pb2_grpc.AnalyzerStub(self.channel)
        self.analyze_bytes: Any = self.channel.unary_unary("/pulumirpc.Analyzer/Analyze")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def processor_seconds(self) -> float:
        """Return the processor time it has used, which other work on the machine does not change; 0 if unknown."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Return its resident memory in KiB; 0 where the system does not say."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return 0
        return next(
            int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")
        )


def requests(items: Sequence[dict[str, Any]]) -> list[Any]:
    """Return what the engine would send, made beforehand: making it is the engine's time."""
    made: list[Any] = []
    for item in items:
        name, version = item["metadata"]["name"], item["apiVersion"]
        token = f"kubernetes:{version if '/' in version else f'core/{version}'}:{item['kind']}"
        properties = struct_pb2.Struct()
        properties.update(item)
        urn = f"urn:pulumi:bench::secure-aks::{token}::{name}"
        made.append(analyzer_pb2.AnalyzeRequest(type=token, name=name, urn=urn, properties=properties))
    return made
