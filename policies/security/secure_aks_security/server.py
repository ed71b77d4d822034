"""The pack's gRPC server: the SDK's, with each resource converted and judged once for all rules.

The SDK's servicer converts a resource's properties anew for every policy. This subclass overrides `Analyze`
and `AnalyzeStack` alone. It stands on a few private names of the SDK; `supported` looks for them, and without
them the pack runs on the unchanged SDK, slower, with the same verdicts.
"""

import gc
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi_policy.policy as sdk
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy, PolicyPack

from secure_aks_security.engine import serving
from secure_aks_security.engine.policies import Judging, RulePolicy
from secure_aks_security.judging.evaluation import Verdict
from secure_aks_security.judging.judge import Finding, grouped
from secure_aks_security.judging.resources import Resource, token_without_version
from secure_aks_security.judging.values import from_value, is_unknown, with_unknowns
from secure_aks_security.kept import KEPT
from secure_aks_security.model import Level
from secure_aks_security.stack import Report, StackPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE: Any = getattr(sdk, "_PolicyAnalyzerServicer", object)
_NEEDED = (
    "Analyze",
    "AnalyzeStack",
    "Configure",
    "_convert_enforcement_level",
    "_create_report_violation",
    "_get_enforcement_level",
)
# As in PulumiPolicy.yaml; to read it from the installed package takes 5 ms of each start.
_VERSION = "0.1.0"
_COLLECT_AFTER = 20_000
_WORDS = "words"
_MESSAGE_BYTES = 400 * 1024 * 1024


def supported() -> bool:
    """Tell whether the installed SDK has the servicer this one is made from."""
    return all(hasattr(_BASE, name) for name in _NEEDED)


def serve(name: str, policies: list[Policy], judging: Judging) -> None:
    """Serve the pack to the engine that started this process; returns when the process is told to end."""
    if not supported():
        PolicyPack(name, policies)
        return
    server = serving.server([("grpc.max_receive_message_length", _MESSAGE_BYTES)])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Servicer(name, policies, judging), server)
    port = server.add_insecure_port("127.0.0.1:0")
    # What is there by now stays; a collection would go through all of it, and requests leave few cycles behind.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    gc.enable()
    server.start()
    sys.stdout.write(f"{port}\n")  # the protocol: the first line is the port
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(0)


class Servicer(_BASE):  # pyright: ignore[reportUntypedBaseClass] - the SDK's is private, so it is found by name
    """Answers Analyze and AnalyzeStack from one conversion of the resources; everything else is the SDK's."""

    def __init__(self, name: str, policies: list[Policy], judging: Judging) -> None:
        base: Any = super()
        base.__init__(name, _VERSION, policies, EnforcementLevel.ADVISORY)
        self._rules = {policy.name: policy for policy in policies if isinstance(policy, RulePolicy)}
        self._stack_policies = [policy for policy in policies if isinstance(policy, StackPolicy)]
        self._watched = {token for policy in self._stack_policies for token in policy.rule.watched}
        self._judging = judging
        self._judge = judging({})
        self._begun: dict[str, Any] = {}
        """By rule, what each diagnostic of it begins as."""

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take levels and parameters from the engine."""
        base: Any = super()
        answer = base.Configure(request, context)
        self._begun = {}  # the levels may be others now
        self._judge = self._judging(
            {
                name: self._rules[name].setting(
                    Level(self._convert_enforcement_level(item.enforcementLevel).value),
                    MessageToDict(item.properties),
                )
                for name, item in request.policyConfig.items()
                if name in self._rules
            }
        )
        return answer

    def Analyze(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Judge one resource by every rule that is on."""
        response = analyzer_pb2.AnalyzeResponse()
        for finding in grouped(self._judge.judge(_resource(request)), request.name):
            if finding.verdict is not Verdict.UNKNOWN:  # those are told together, by unknown-verdicts
                self._report(response, finding)
        return response

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Judge the stack as a whole by every stack policy that is on."""
        response = analyzer_pb2.AnalyzeResponse()
        # Rules about the stack read these types alone; a stack may hold thousands of others.
        parents = {item.parent for item in request.resources}
        resources = [
            replace(_resource(item), childless=item.urn not in parents)
            for item in request.resources
            if token_without_version(item.type) in self._watched
        ]
        for policy in self._stack_policies:
            level = self._level(policy)
            if level is not EnforcementLevel.DISABLED:
                violation = self._create_report_violation(
                    response, policy.name, policy.description, level, policy.severity
                )
                policy.check(resources, self._get_policy_config(policy.name) or {}, Report(violation))
        KEPT.save()  # the engine asks this last
        return response

    def _level(self, policy: Policy) -> EnforcementLevel:
        """Return the level to report: what remediation left over is mandatory."""
        level = self._get_enforcement_level(policy)
        return EnforcementLevel.MANDATORY if level is EnforcementLevel.REMEDIATE else level

    def _report(self, response: Any, finding: Finding) -> None:
        begun = self._begun.get(finding.rule.id)
        if begun is None:
            begun = self._begun[finding.rule.id] = self._diagnostic(finding.rule.id)
        said = response.diagnostics.add()
        said.CopyFrom(begun)
        said.message += finding.message

    def _diagnostic(self, rule: str) -> Any:
        """Return a rule's diagnostic as the SDK makes it, up to the words of a finding: all but those stays the same."""
        policy, response = self._rules[rule], analyzer_pb2.AnalyzeResponse()
        report = self._create_report_violation(
            response, policy.name, policy.description, self._level(policy), policy.severity
        )
        report(_WORDS)
        made = response.diagnostics[0]
        made.message = made.message.removesuffix(_WORDS)
        return made


def _resource(request: Any) -> Resource:
    """Return the resource in a request, in the shape the rules see."""
    # Of the provider only its namespace counts, and a whole kubeconfig stands beside it.
    provider: Mapping[str, Any] = request.provider.properties.fields if request.HasField("provider") else {}
    namespace = from_value(provider["namespace"], "provider.namespace") if "namespace" in provider else ""
    in_stack = isinstance(request, analyzer_pb2.AnalyzerResource)
    depends = request.propertyDependencies.items() if in_stack else ()
    properties, unknowns = with_unknowns(request.properties)
    return Resource(
        request.type,
        request.urn,
        request.name,
        properties,
        namespace,
        depends={name: list(item.urns) for name, item in depends},
        known=not unknowns and not is_unknown(namespace),
        ignored=tuple(request.options.ignoreChanges),
        provider=request.provider.urn,
    )
