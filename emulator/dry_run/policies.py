"""The policy packs of a run: they mend and judge every resource, and at the end the whole stack."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import analyzer_pb2 as pb

from emulator.dry_run.pack import Pack
from emulator.dry_run.report import Verdict
from emulator.engine.language_host.patience import to_answer
from emulator.properties.urns import name_of
from emulator.properties.values import mark_secrets
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.struct_pb2 import Struct

    from emulator.dry_run.report import Report
    from emulator.dry_run.resource import Resource
    from emulator.engine.language_host.pack_process import PackProcess
    from emulator.properties.values import Props

    Judged = tuple[Resource, Resource | None]
    """A resource and the provider resource behind it."""

_IN_FLIGHT = 64  # requests that wait for packs before the program has to


class Packs:
    """All packs of a run. Analysis goes on while the program does; `settle` waits for what is still out.

    They are connected to when there is first something to judge: until then they start while the program's imports run.
    """

    def __init__(
        self, processes: list[PackProcess], report: Report, stack: str, project: str, config: dict[str, str]
    ) -> None:
        """Take started packs and what they are told of the stack."""
        self._processes, self._report = processes, report
        self._stack = pb.AnalyzerStackConfigureRequest(
            stack=stack, project=project, organization="organization", dry_run=True, config=config
        )
        self._open: list[Pack] | None = None
        self._waiting: deque[tuple[Pack, str, Any]] = deque()

    @property
    def packs(self) -> list[Pack]:
        """The connected packs. Raises OperationError or ConfigError when one of them does not start or is configured wrongly."""
        if self._open is None:
            self._open = []
            for process in self._processes:
                pack = Pack(process, self._stack)
                self._open.append(pack)
                self._report.packs[pack.name] = pack.version
        return self._open

    def remediate(self, resource: Resource, provider: Resource | None) -> Iterator[tuple[str, Props]]:
        """Let the packs that may do so change a resource's inputs, one after another; yield what was done, and the inputs."""
        inputs = resource.inputs
        for pack in self.packs:
            if not pack.remediates:
                continue  # it has nothing to say: the call would cost time and change nothing
            request = _request(resource, provider, to_struct(inputs))
            response = pack.call(
                resource.urn, lambda p=pack, r=request: p.stub.Remediate(r, timeout=to_answer())
            )
            for r in response.remediations:
                if r.diagnostic:
                    said = Verdict(pack.name, r.policyName, "unknown", r.diagnostic, resource.urn)
                    self._report.judge(said)
                else:
                    # What was secret stays so, even when the policy handed back the bare value.
                    inputs = mark_secrets(from_struct(r.properties), inputs)
                    yield f"{pack.name}/{r.policyName} changed its inputs: {r.description}", inputs

    def analyze(self, resource: Resource, provider: Resource | None) -> None:
        """Send a resource to every pack; `settle` brings the answers."""
        request = _request(resource, provider, to_struct(resource.inputs, internal=False))
        for pack in self.packs:
            self._waiting.append((pack, request.urn, pack.stub.Analyze.future(request)))
        self.settle(_IN_FLIGHT)

    def settle(self, leave: int = 0) -> None:
        """Wait for the answers that are still out, all but `leave`, and report them. Raises OperationError when a policy crashes."""
        while len(self._waiting) > leave:
            pack, urn, future = self._waiting.popleft()
            for verdict in pack.verdicts(pack.call(urn, partial(future.result, to_answer())), urn):
                self._report.judge(verdict)

    def analyze_stack(self, resources: list[Judged], root: str) -> None:
        """Send the whole stack, with outputs, to every pack and report what they say; what is about no resource stands at `root`."""
        self.settle()
        if not self.packs:
            return
        request = pb.AnalyzeStackRequest(resources=[_in_stack(*judged) for judged in resources])
        known = {resource.urn for resource, _ in resources}
        for pack, future in [(p, p.stub.AnalyzeStack.future(request)) for p in self.packs]:
            for verdict in pack.verdicts(pack.call(root, partial(future.result, to_answer())), root, known):
                self._report.judge(verdict)

    def close(self) -> None:
        """End the connections; the processes are their owner's to end."""
        for pack in self._open or []:
            pack.close()


def _request(resource: Resource, provider: Resource | None, inputs: Struct) -> pb.AnalyzeRequest:
    return pb.AnalyzeRequest(properties=inputs, **_what(resource, provider))


def _in_stack(resource: Resource, provider: Resource | None) -> pb.AnalyzerResource:
    return pb.AnalyzerResource(
        properties=to_struct(resource.outputs, internal=False),
        parent=resource.parent,
        dependencies=resource.dependencies,
        propertyDependencies={
            k: pb.AnalyzerPropertyDependencies(urns=v) for k, v in resource.property_dependencies.items() if v
        },
        **_what(resource, provider),
    )


def _what(resource: Resource, provider: Resource | None) -> dict[str, Any]:
    """Return what the messages about a resource have in common."""
    named = {"type": resource.type, "urn": resource.urn, "name": name_of(resource.urn)}
    behind = provider and pb.AnalyzerProviderResource(
        type=provider.type,
        urn=provider.urn,
        name=name_of(provider.urn),
        properties=to_struct(provider.inputs),
    )
    return named | {"options": resource.options, "provider": behind}
