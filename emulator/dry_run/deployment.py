"""One run of a program against a state: what each registration means, and what is left to delete at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.automation.events import OpType
from pulumi.runtime.proto import resource_pb2 as pb

from emulator.dry_run.deletions import Deletions
from emulator.dry_run.events import Step
from emulator.dry_run.gate import Gate
from emulator.dry_run.goals import Goal, former_urns, goal_of
from emulator.dry_run.resource import Resource
from emulator.dry_run.run import Run, StopRun
from emulator.dry_run.step_runner import StepRunner
from emulator.errors import OperationError
from emulator.plugins.base import Diff, ProviderError, diff_values
from emulator.properties.paths import ignore_changes
from emulator.properties.urns import PROVIDER_PREFIX, default_stack_urn, make_urn, package_of
from emulator.properties.values import has_secret, mark_secrets, reveal
from emulator.properties.wire import UNKNOWN_STRING, from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.dry_run.events import Events
    from emulator.dry_run.policies import Packs
    from emulator.dry_run.provider_set import ProviderSet
    from emulator.dry_run.state import State
    from emulator.plugins.base import CheckFailure, Props, Provider

STACK_REFERENCE = "pulumi:pulumi:StackReference"


class Deployment:
    """Takes the program's registrations one at a time and carries them out, or only plans them (`dry_run`)."""

    def __init__(  # noqa: PLR0913 - what a run consists of
        self,
        *,
        stack: str,
        project: str,
        state: State,
        providers: ProviderSet,
        packs: Packs,
        events: Events,
        dry_run: bool,
        references: Callable[[str], Props],
    ) -> None:
        """Take the parts of a run; `references` returns a stack's outputs by its full name."""
        self.stack, self.project, self.dry_run = stack, project, dry_run
        self.providers, self.events = providers, events
        self.packs = packs
        self.run = Run(state, providers, events, dry_run)
        self.gate = Gate(self.run, packs)
        self.deletions = Deletions(self.run)
        self.steps = StepRunner(self.run, self.deletions)
        self.news: dict[str, Resource] = {}
        self._references = references
        self._goals: dict[str, Goal] = {}
        self._former: dict[str, str] = {}  # what a renamed resource was called
        self._last: dict[str, Step] = {}

    @property
    def failed(self) -> bool:
        """Whether something was refused or failed."""
        return self.run.failed

    def register(self, request: Any) -> pb.RegisterResourceResponse:
        """Carry out a registration. Raises StopRun when the run cannot go on."""
        self.run.check()
        goal = goal_of(request, self.stack, self.project)
        resource = goal.resource
        if resource.urn in self.news:
            raise self.run.stop(
                resource.urn, f"the URN {resource.urn} is registered twice: give one of the two another name"
            )
        if goal.remote:
            return self._construct(
                goal, request.providers.get(package_of(resource.type), ""), request.version
            )
        if not resource.custom:
            return self._component(goal)
        if resource.type.startswith(PROVIDER_PREFIX):
            if request.version:  # a provider resource keeps the version of its plugin, as the engine's do
                resource.inputs.setdefault("version", request.version)
            self._provider(goal)
            return _reply(resource)
        if goal.import_id:
            raise self.run.stop(
                resource.urn,
                "the emulator does not import resources: take `import_` out, or use the Pulumi CLI",
            )
        if not resource.provider:
            resource.provider = self._default_provider(package_of(resource.type), request.version)
        return self._custom(goal)

    def register_outputs(self, request: Any) -> None:
        """Take the outputs of a component or of the stack."""
        resource = self.news[request.urn]
        resource.outputs = from_struct(request.outputs)
        self.steps.outputs(resource, self._last[request.urn])

    def read(self, request: Any) -> pb.ReadResourceResponse:
        """Read a resource that the stack does not manage, or another stack's outputs."""
        self.run.check()
        resource = Resource(
            urn=make_urn(self.stack, self.project, request.parent, request.type, request.name),
            type=request.type,
            custom=True,
            id=request.id,
            inputs=from_struct(request.properties),
            parent=request.parent,
            provider=request.provider or self._default_provider(package_of(request.type), request.version),
            dependencies=list(request.dependencies),
            external=True,
            additional_secret_outputs=list(request.additionalSecretOutputs),
        )
        goal = Goal(resource)
        step = Step(OpType.READ, resource, self._find_old(goal))
        if request.id == UNKNOWN_STRING:  # at preview, another resource's output: nothing is known of it
            self.steps.read(step, {})
        elif request.type == STACK_REFERENCE:
            self.steps.read(step, self._read_stack(resource))
        else:
            self.steps.read(step)
        self._remember(goal, step)
        return pb.ReadResourceResponse(urn=resource.urn, properties=to_struct(resource.outputs))

    def invoke(self, request: Any) -> Props:
        """Call a provider's function; raises ProviderError."""
        self.run.check()
        args = reveal(from_struct(request.args))
        if request.tok == "pulumi:pulumi:getResource":
            found = self.news.get(args.get("urn", ""))
            if found is None:
                raise ProviderError(f"unknown resource {args.get('urn')}")
            return {"urn": found.urn, "id": found.id, "state": found.outputs}
        reference = request.provider or self._default_provider(package_of(request.tok), request.version)
        return self.providers.find(reference).invoke(request.tok, args)

    def finish(self, *, program_ok: bool) -> None:
        """Delete what the program no longer asks for (unless that failed) and let the packs judge the whole stack.

        A preview judges it whatever else was found, so that all problems are shown at once.
        """
        self.packs.settle()
        if not program_ok or (self.run.failed and not self.dry_run):
            return
        self.deletions.delete_unseen()
        if self.dry_run or not self.run.failed:
            root = default_stack_urn(self.stack, self.project)
            self.gate.judge_stack([g for g in self._goals.values() if not g.resource.external], root)

    def _component(self, goal: Goal) -> pb.RegisterResourceResponse:
        old = self._find_old(goal)
        resource = goal.resource
        self.gate.judge(goal)
        diffs = diff_values(reveal(old.inputs), reveal(resource.inputs)) if old else {}
        op = OpType.CREATE if old is None else OpType.UPDATE if diffs else OpType.SAME
        resource.outputs = old.outputs if old else {}
        step = Step(op, resource, old, Diff(bool(diffs), diffs))
        self.steps.component(step)
        self._remember(goal, step)
        return pb.RegisterResourceResponse(urn=resource.urn)

    def _construct(self, goal: Goal, given: str, version: str) -> pb.RegisterResourceResponse:
        """Register a remote component and the children that its provider knows of."""
        resource = goal.resource
        reference = resource.provider or given or self._default_provider(package_of(resource.type), version)
        resource.provider = reference
        self._component(goal)
        try:
            made = self.providers.find(reference).construct(
                resource.urn, resource.type, reveal(resource.inputs), preview=self.dry_run
            )
        except ProviderError as error:
            return self._refuse(goal, self._last[resource.urn], [str(error)])
        if made.note:
            self.events.diagnostic("info", made.note, resource.urn)
        for child in made.children:
            urn = make_urn(self.stack, self.project, resource.urn, child.type, child.name)
            inside = Resource(
                urn, child.type, custom=True, inputs=child.inputs, parent=resource.urn, provider=reference,
                dependencies=resource.dependencies,
            )  # fmt: skip
            self._custom(Goal(inside))
        resource.outputs = mark_secrets(made.outputs, resource.inputs)
        self.steps.outputs(resource, self._last[resource.urn])
        return _reply(resource)

    def _provider(self, goal: Goal) -> None:
        old = self._find_old(goal)
        resource = goal.resource
        self.gate.judge(goal)
        before = {k: v for k, v in old.inputs.items() if k != "__internal"} if old else {}  # the engine's own
        diffs = diff_values(reveal(before), reveal(resource.inputs)) if old else {}
        op = OpType.CREATE if old is None else OpType.UPDATE if diffs else OpType.SAME
        step = Step(op, resource, old, Diff(bool(diffs), diffs))
        self.steps.provider(step)
        self._remember(goal, step)

    def _default_provider(self, package: str, version: str) -> str:
        """Return the reference of a package's default provider, registering it when it is first needed."""
        resource = self.providers.default_resource(package, version)
        if not self.providers.is_made(resource.urn) or resource.urn not in self.news:
            self._provider(Goal(resource))
        return self.providers.reference(resource.urn)

    def _custom(self, goal: Goal) -> pb.RegisterResourceResponse:
        resource = goal.resource
        provider = self.providers.find(resource.provider)
        old = self._find_old(goal)
        if old is not None:
            resource.inputs = ignore_changes(old.inputs, resource.inputs, goal.ignore_changes)
        plain, failures = self._check(provider, old, resource)
        resource.inputs = mark_secrets(plain, resource.inputs)
        self.gate.judge(goal)
        if failures:
            messages = [f"{f.property}: {f.reason}" if f.property else f.reason for f in failures]
            refused = Step(OpType.UPDATE if old else OpType.CREATE, resource, old)
            self.events.before(refused)
            return self._refuse(goal, refused, messages)
        step = self.steps.plan(goal, old, provider)
        try:
            self.steps.run(step, provider, goal)
        except ProviderError as error:
            return self._refuse(goal, step, [str(error)])
        self._remember(goal, step)
        return _reply(resource)

    def _check(
        self, provider: Provider, old: Resource | None, resource: Resource
    ) -> tuple[Props, list[CheckFailure]]:
        olds = reveal(old.inputs) if old is not None and not old.external else None
        return provider.check(resource.urn, olds, reveal(resource.inputs))

    def _refuse(self, goal: Goal, step: Step, messages: list[str]) -> pb.RegisterResourceResponse:
        """Report what is wrong with a resource. A preview goes on, its outputs not being known; an update stops."""
        for message in messages:
            self.events.diagnostic("error", message, goal.resource.urn)
        self.events.failed(step)
        self.run.failed = True
        if not self.dry_run:
            raise StopRun
        goal.resource.outputs = dict(goal.resource.inputs)
        self._remember(goal, step)
        return pb.RegisterResourceResponse(urn=goal.resource.urn, result=pb.FAIL)

    def _find_old(self, goal: Goal) -> Resource | None:
        """Return the resource as the last `up` left it, under this URN or one it had before."""
        urn = goal.resource.urn
        found = self.deletions.take_old(urn)
        if found is None and self.deletions.olds:
            for former in former_urns(
                goal, self._former.get(goal.resource.parent, ""), self.stack, self.project
            ):
                found = self.deletions.take_old(former)
                if found is not None:
                    self._former[urn] = former
                    break
        return found

    def _remember(self, goal: Goal, step: Step) -> None:
        self.news[goal.resource.urn] = goal.resource
        self._goals[goal.resource.urn] = goal
        self._last[goal.resource.urn] = step

    def _read_stack(self, resource: Resource) -> Props:
        name = str(reveal(resource.inputs).get("name") or resource.id)
        try:
            outputs = self._references(name)
        except OperationError as error:
            raise self.run.stop(resource.urn, str(error)) from None
        return {
            "name": name,
            "outputs": outputs,
            "secretOutputNames": [k for k, v in outputs.items() if has_secret(v)],
        }


def _reply(resource: Resource) -> pb.RegisterResourceResponse:
    return pb.RegisterResourceResponse(urn=resource.urn, id=resource.id, object=to_struct(resource.outputs))
