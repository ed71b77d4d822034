"""The security pack: time per resource over gRPC with every rule on, and its throughput beside Checkov's.

Beside the time per resource stands that of a server which answers nothing at all, in turns with it: what the protocol
costs on this machine while it is as busy as it is. Both judge the same 1,000 two-container Deployments in the same run, start-up included. Checkov pins many versions,
so it gets a virtual environment of its own under .cache.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from secure_aks_security.configuration import configure
from secure_aks_security.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
PACK = ROOT / "policies" / "security"
VENV = ROOT / ".cache" / "bench" / "checkov"
CHECKOV = "checkov>=3.2,<4"
COUNT = 1_000
RUNS = 5
TYPE = "kubernetes:apps/v1:Deployment"
# A server that does nothing, on the SDK's protocol.
NOTHING = """
from concurrent import futures
import grpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
class Nothing(analyzer_pb2_grpc.AnalyzerServicer):
    def Analyze(self, request, context):
        return analyzer_pb2.AnalyzeResponse()
server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Nothing(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
"""


def run() -> None:
    """Measure and print."""
    deployments = [deployment(f"web-{number}") for number in range(COUNT)]
    everything_on = {"secure-aks:policies": json.dumps({"security": {"all": "mandatory"}})}
    rules = len(configure(load_rules(), {}).settings)
    print(f"{rules} rules, all on; {COUNT} Deployments of two containers; median of {RUNS} runs")
    one_by_one(deployments, everything_on)
    ours = [pack_from_start(deployments, everything_on) for _ in range(RUNS)]
    theirs = checkov(deployments)
    print(f"from start to end: {statistics.median(ours):.2f} s ({min(ours):.2f} to {max(ours):.2f})")
    print(f"Checkov on the same manifests, from start to end: {theirs:.2f} s")
    print(f"ratio: {theirs / statistics.median(ours):.1f}")


def deployment(name: str) -> dict[str, Any]:
    """Return a Deployment that every rule lets pass."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "automountServiceAccountToken": False,
                    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [container("app"), container("sidecar")],
                    "volumes": [{"name": "scratch", "emptyDir": {}}],
                },
            },
        },
    }


def container(name: str) -> dict[str, Any]:
    """Return a container of an ordinary size."""
    return {
        "name": name,
        "image": f"mcr.microsoft.com/shop/{name}:1.2.3@sha256:{'0' * 64}",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "REGION", "value": "westeurope"}],
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"cpu": "1", "memory": "256Mi"},
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
    }


class Pack:
    """The pack as the engine starts it."""

    def __init__(self, config: dict[str, str], code: str = "") -> None:
        """Start it, or another server by its code, and connect."""
        environment = {**os.environ, "PULUMI_CONFIG": json.dumps(config)}
        what = ["-c", code] if code else ["-m", "pulumi.policy", "127.0.0.1:1", str(PACK)]
        command = [sys.executable, "-u", *what]
        self.process = subprocess.Popen(command, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True)
        port = self.process.stdout.readline().strip() if self.process.stdout else ""
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub: Any = analyzer_pb2_grpc.AnalyzerStub(self.channel)

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
        name = item["metadata"]["name"]
        properties = struct_pb2.Struct()
        properties.update(item)
        urn = f"urn:pulumi:bench::secure-aks::{TYPE}::{name}"
        made.append(analyzer_pb2.AnalyzeRequest(type=TYPE, name=name, urn=urn, properties=properties))
    return made


def one_by_one(items: Sequence[dict[str, Any]], config: dict[str, str]) -> None:
    """Print wall and processor time for one resource, those of a server that does nothing, and the memory."""
    sent = requests(items)
    with Pack(config) as pack, Pack({}, NOTHING) as nothing:
        assert not pack.stub.Analyze(sent[0]).diagnostics  # noqa: S101 - the manifests are to pass
        nothing.stub.Analyze(sent[0])
        memory, used, unused = [(1, pack.memory())], pack.processor_seconds(), nothing.processor_seconds()
        ours, empty = list[float](), list[float]()
        for count in range(1, RUNS + 1):
            ours += _times(pack, sent)
            empty += _times(nothing, sent)
            memory.append((count * len(sent), pack.memory()))
        used, unused = pack.processor_seconds() - used, nothing.processor_seconds() - unused
    wall, floor = statistics.median(ours) * 1e3, statistics.median(empty) * 1e3
    print(
        f"over gRPC, one after another, both ends and the wait included: {wall:.2f} ms a resource "
        f"(median; mean {statistics.fmean(ours) * 1e3:.2f} ms)"
    )
    print(
        f"the same with a server that does nothing: {floor:.2f} ms (mean {statistics.fmean(empty) * 1e3:.2f} ms), "
        f"so {wall - floor:.2f} ms are the pack's"
    )
    per = 1e3 / (RUNS * len(sent))
    print(
        f"processor time a resource: the pack {used * per:.2f} ms, the server that does nothing {unused * per:.2f} ms"
    )
    print("resident memory of the pack: " + ", ".join(f"{kb / 1024:.0f} MB at {n}" for n, kb in memory))


def _times(pack: Pack, sent: Sequence[Any]) -> list[float]:
    """Return the seconds of each request, one after another."""
    times = [time.perf_counter()]
    for request in sent:
        pack.stub.Analyze(request)
        times.append(time.perf_counter())
    return [end - start for start, end in pairwise(times)]


def pack_from_start(items: Sequence[dict[str, Any]], config: dict[str, str]) -> float:
    """Return the seconds from starting the pack to the last answer, requests in flight as the engine has them."""
    sent = requests(items)
    start = time.perf_counter()
    with Pack(config) as pack:
        waiting = [pack.stub.Analyze.future(request) for request in sent]
        for answer in waiting:
            answer.result()
        return time.perf_counter() - start


def checkov(items: Sequence[dict[str, Any]]) -> float:
    """Return the seconds Checkov takes for the same manifests; one run, it is steady and slow."""
    program = VENV / "bin" / "checkov"
    if not program.exists():
        print("installing Checkov into a virtual environment of its own ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(VENV / "bin" / "pip"), "install", "--quiet", CHECKOV], check=True)
    with tempfile.TemporaryDirectory() as folder:
        for item in items:
            Path(folder, f"{item['metadata']['name']}.json").write_text(json.dumps(item), encoding="utf-8")
        command = [
            str(program),
            "--directory",
            folder,
            "--framework",
            "kubernetes",
            "--quiet",
            "--compact",
            "--skip-download",
        ]
        start = time.perf_counter()
        done = subprocess.run([*command, "--output", "json"], capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
    if '"resource_count"' not in done.stdout:
        sys.exit(f"Checkov did not run: {done.stderr[-500:]}")
    return seconds
