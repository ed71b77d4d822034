"""The policy packs of a run: they mend and judge every resource, and at the end the whole stack."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import analyzer_pb2 as pb

from emulator.dry_run.pack import Pack, Remediation, Violation, call
from emulator.properties.urns import name_of
from emulator.properties.values import mark_secrets
from emulator.properties.wire import from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from google.protobuf.struct_pb2 import Struct

    from emulator.dry_run.pack_process import PackProcess
    from emulator.dry_run.policy_config import PolicySettings
    from emulator.dry_run.resource import Resource

_IN_FLIGHT = 64  # requests that wait for packs before the program has to


class Packs:
    """All packs of a run. Analysis goes on while the program does; `settle` waits for what is still out.

    They are connected to when there is first something to judge: until then they start while the program's imports run.
    """

    def __init__(
        self,
        processes: list[PackProcess],
        configs: list[dict[str, PolicySettings]],
        report: Callable[[Violation], None],
        stack: pb.AnalyzerStackConfigureRequest,
    ) -> None:
        """Take started packs, the n-th being configured by the n-th of `configs` if there is one."""
        self._processes, self._configs, self._report, self._stack = processes, configs, report, stack
        self._open: list[Pack] | None = None
        self._waiting: deque[tuple[Pack, str, Any]] = deque()
        self._providers: dict[str, pb.AnalyzerProviderResource] = {}
        self.mandatory = 0

    @property
    def packs(self) -> list[Pack]:
        """The connected packs. Raises OperationError or ConfigError when one of them does not start or is configured wrongly."""
        if self._open is None:
            self._open = []
            for n, process in enumerate(self._processes):
                self._open.append(
                    Pack(process, self._configs[n] if n < len(self._configs) else {}, self._stack)
                )
        return self._open

    def versions(self) -> dict[str, str]:
        """Return the packs that were used and their versions."""
        return {p.name: p.version for p in self._open or []}

    def remediate(self, resource: Resource, provider: Resource | None, options: Any) -> list[Remediation]:
        """Let the packs that may do so change a resource's inputs, one after another; violations are reported."""
        done: list[Remediation] = []
        inputs = resource.inputs
        for pack in self.packs:
            if not pack.remediates:
                continue  # it has nothing to say: the call would cost time and change nothing
            request = self.request(resource, provider, options, to_struct(inputs))
            response = call(pack, resource.urn, lambda p=pack, r=request: p.stub.Remediate(r))
            for r in response.remediations:
                if r.diagnostic:
                    self._count(
                        Violation(
                            resource.urn,
                            pack.name,
                            pack.version,
                            r.policyName,
                            "advisory",
                            r.diagnostic,
                            unknown=True,
                        )
                    )
                else:
                    # What was secret stays so, even when the policy handed back the bare value.
                    inputs = mark_secrets(from_struct(r.properties), inputs)
                    done.append(Remediation(pack.name, r.policyName, r.description, inputs))
        return done

    def analyze(self, request: pb.AnalyzeRequest) -> None:
        """Send a resource to every pack; `settle` brings the answers."""
        for pack in self.packs:
            self._waiting.append((pack, request.urn, pack.stub.Analyze.future(request)))
        self.settle(_IN_FLIGHT)

    def settle(self, leave: int = 0) -> None:
        """Wait for the answers that are still out, all but `leave`, and report them. Raises OperationError when a policy crashes."""
        while len(self._waiting) > leave:
            pack, urn, future = self._waiting.popleft()
            for violation in pack.violations(call(pack, urn, future.result), urn, lambda _: True):
                self._count(violation)

    def analyze_stack(self, resources: Iterable[tuple[Resource, Resource | None, Any]], root: str) -> None:
        """Send the whole stack, with outputs, to every pack and report what they say."""
        self.settle()
        if not self.packs:
            return
        request = pb.AnalyzeStackRequest()
        for resource, provider, options in resources:
            request.resources.append(
                pb.AnalyzerResource(
                    type=resource.type,
                    urn=resource.urn,
                    name=name_of(resource.urn),
                    properties=to_struct(resource.outputs, internal=False),
                    options=options,
                    provider=self._provider(provider),
                    parent=resource.parent,
                    dependencies=resource.dependencies,
                    propertyDependencies={
                        k: pb.AnalyzerPropertyDependencies(urns=v)
                        for k, v in resource.property_dependencies.items()
                        if v
                    },
                )
            )
        urns = {r.urn for r in request.resources}
        for pack, future in [(p, p.stub.AnalyzeStack.future(request)) for p in self.packs]:
            for violation in pack.violations(call(pack, root, future.result), root, urns.__contains__):
                self._count(violation)

    def request(
        self, resource: Resource, provider: Resource | None, options: Any, properties: Struct
    ) -> pb.AnalyzeRequest:
        """Return the message that stands for a resource with these properties."""
        return pb.AnalyzeRequest(
            type=resource.type,
            urn=resource.urn,
            name=name_of(resource.urn),
            properties=properties,
            options=options,
            provider=self._provider(provider),
        )

    def close(self) -> None:
        """End the connections and the processes."""
        for pack in self._open or []:
            pack.close()
        for process in self._processes:
            process.stop()

    def _provider(self, provider: Resource | None) -> pb.AnalyzerProviderResource | None:
        if provider is None:
            return None
        if provider.urn not in self._providers:
            self._providers[provider.urn] = pb.AnalyzerProviderResource(
                type=provider.type,
                urn=provider.urn,
                name=name_of(provider.urn),
                properties=to_struct(provider.inputs),
            )
        return self._providers[provider.urn]

    def _count(self, violation: Violation) -> None:
        self.mandatory += violation.level == "mandatory"
        self._report(violation)
