"""The security pack: time per resource over gRPC with every rule on, and its throughput beside Checkov's.

Beside the time per resource stands that of a server which does nothing, in turns with it: what the protocol costs on
this machine while it is as busy as it is. The pack and Checkov judge the same 1,000 two-container Deployments, of which two
of three break rules, in the same run, start-up included. Checkov pins many versions, so it gets a virtual environment of its own under .cache.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import analyzer_pb2
from secure_aks_security import clock
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import from_struct
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure

from bench.manifests import broken, deployment, mixed
from bench.measure import ROOT, processor_seconds, warm
from bench.pack_process import NOTHING, SDK, Pack, requests

if TYPE_CHECKING:
    from collections.abc import Sequence

VENV = ROOT / ".cache" / "bench" / "checkov"
CHECKOV = "checkov>=3.2,<4"
COUNT = 1_000
RUNS = 5
TURNS = 3


def run() -> None:
    """Measure and print."""
    deployments = [deployment(f"web-{number}") for number in range(COUNT)]
    everything_on = {"secure-aks:policies": json.dumps({"security": {"all": "mandatory"}})}
    rules = len(configure(load_rules(), {}).settings)
    print(f"{rules} rules, all on; {COUNT} Deployments of two containers; median of {RUNS} runs")
    one_by_one(deployments, everything_on)
    failing = [broken(item) if number % 3 else item for number, item in enumerate(deployments)]
    by_unchanged_sdk(deployments[:100], everything_on)
    in_one_process(deployments, "all well")
    in_one_process(failing, "two of three broken")
    a_list()
    start_up(everything_on)
    side_by_side(failing, everything_on, "Deployments")
    side_by_side(mixed(COUNT), everything_on, "of seven kinds")


def side_by_side(items: Sequence[dict[str, Any]], config: dict[str, str], which: str) -> None:
    """Print the pack's time from start to end and Checkov's, in turns: what else runs on the machine hits both."""
    checkov(items[:1])  # installs it, and reads its files once
    pack_from_start(items[:10], config)  # likewise
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for _ in range(TURNS):
        ours += [pack_from_start(items, config) for _ in range(RUNS)]
        theirs.append(checkov(items))
    for what, index in (("wall", 0), ("processor", 1)):
        mine, other = (statistics.median(times[index] for times in taken) for taken in (ours, theirs))
        print(
            f"from start to end, {which}, {what} time: {mine:.2f} s, Checkov {other:.2f} s, ratio {other / mine:.1f}"
        )


def start_up(config: dict[str, str]) -> None:
    """Print the time from starting the pack to its port, and what the SDK takes of it: a pack of nothing."""
    rows = {
        "the pack": "",
        "a server that does nothing, with the SDK's import": f"import pulumi, pulumi_policy\n{NOTHING}",
    }
    for what, code in rows.items():
        times: list[tuple[float, float]] = []
        for _ in range(RUNS):
            start = time.perf_counter()
            with Pack(config, code) as pack:
                times.append((time.perf_counter() - start, pack.processor_seconds()))
        wall, used = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"start-up of {what}: {wall:.2f} s, {used:.2f} s of processor time")


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


def by_unchanged_sdk(items: Sequence[dict[str, Any]], config: dict[str, str]) -> None:
    """Print the time for one resource when every rule is a policy that the SDK runs by itself."""
    sent = requests(items)
    with Pack(config, SDK) as pack:
        pack.stub.Analyze(sent[0])
        print(
            f"the same rules run by the unchanged SDK: {statistics.median(_times(pack, sent)) * 1e3:.1f} ms"
        )


def a_list() -> None:
    """Print the processor time for one List of 2,000 pods that rules refuse."""
    pods = [
        {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": item["metadata"],
            "spec": item["spec"]["template"]["spec"],
        }
        for item in (broken(deployment(f"web-{number}")) for number in range(2 * COUNT))
    ]
    judge = Judge(load_rules(), configure(load_rules(), {}), clock.real_today(), Record())
    start = time.process_time()
    findings = judge.judge(Resource("kubernetes:core/v1:PodList", "urn", "all", {"items": pods}))
    seconds = time.process_time() - start
    refused = {finding.rule.id for finding in findings}
    print(
        f"a List of {len(pods)} failing pods: {seconds:.2f} s of processor time, {len(findings)} findings of {len(refused)} rules"
    )


def in_one_process(items: Sequence[dict[str, Any]], which: str) -> None:
    """Print the processor time for converting and judging one resource, without a protocol."""
    settings = {"secure-aks:policies": {"security": {"all": "mandatory"}}}
    judge = Judge(load_rules(), configure(load_rules(), settings), clock.real_today(), Record())
    sent = requests(items)
    times: list[float] = []
    for count in range(RUNS + 1):
        for request in sent:
            start = time.process_time()
            judge.judge(Resource(request.type, request.urn, request.name, from_struct(request.properties)))
            if count:  # the first compiles
                times.append(time.process_time() - start)
    median = statistics.median(times)
    print(
        f"converting and judging in one process, {which}: {median * 1e3:.2f} ms of processor time a resource (median; mean {statistics.fmean(times) * 1e3:.2f} ms)"
    )


def _times(pack: Pack, sent: Sequence[Any]) -> list[float]:
    """Return the seconds of each request, one after another."""
    times = [time.perf_counter()]
    for request in sent:
        pack.stub.Analyze(request)
        times.append(time.perf_counter())
    return [end - start for start, end in pairwise(times)]


def pack_from_start(items: Sequence[dict[str, Any]], config: dict[str, str]) -> tuple[float, float]:
    """Return the seconds, of the wall and of its processor, from starting the pack to the last answer.

    Requests are in flight as the engine has them, and bytes already: to write and read them is the engine's time.
    """
    sent = [request.SerializeToString() for request in requests(items)]
    start = time.perf_counter()
    with Pack(config) as pack:
        waiting = [pack.analyze_bytes.future(request) for request in sent]
        for answer in waiting:
            answer.result()
        pack.stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest())  # as every run ends
        return time.perf_counter() - start, pack.processor_seconds()


def checkov(items: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Return the seconds, of the wall and of its processors, that Checkov takes for the same manifests."""
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
        before, start = processor_seconds(), time.perf_counter()
        done = subprocess.run(
            [*command, "--output", "json"], env=warm({}), capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start, processor_seconds() - before
    if '"resource_count"' not in done.stdout:
        sys.exit(f"Checkov did not run: {done.stderr[-500:]}")
    return seconds
