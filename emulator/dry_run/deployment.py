"""What each registration of the program means on a first `up`: nothing is there yet, everything is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import resource_pb2 as pb
from secure_aks_lifecycle.ending import typed

from emulator.dry_run import resource as resources
from emulator.errors import OperationError, ProviderError
from emulator.properties.urns import PROVIDER_PREFIX, default_stack_urn, make_urn, package_of
from emulator.properties.values import UNKNOWN, Secret, mark_secrets, reveal
from emulator.properties.wire import UNKNOWN_STRING, from_struct, to_struct

if TYPE_CHECKING:
    from emulator.dry_run.policies import Packs
    from emulator.dry_run.project import Project
    from emulator.dry_run.provider_set import ProviderSet
    from emulator.dry_run.report import Report
    from emulator.dry_run.resource import Resource
    from emulator.properties.values import Props

NOT_FOUND = 404


class StopRun(OperationError):  # noqa: N818 - what went wrong is the resource's, and no error of the run itself
    """The run cannot go on because of the resource `urn`."""

    def __init__(self, urn: str, message: str) -> None:
        super().__init__(message)
        self.urn = urn


class Deployment:
    """Takes the program's registrations one at a time, has them checked and judged, and tells what is known of their outputs."""

    def __init__(
        self, project: Project, stack: str, providers: ProviderSet, packs: Packs, report: Report
    ) -> None:
        """Take the parts of a run."""
        self.report = report
        self._project, self._stack = project, stack
        self._providers, self._packs = providers, packs
        self._known: dict[str, Resource] = {}

    def register(self, request: Any) -> pb.RegisterResourceResponse:
        """Take a registration. Raises StopRun when the run cannot go on."""
        resource = resources.registered(request, self._stack, self._project.name)
        if resource.urn in self._known:
            raise StopRun(resource.urn, f"the URN {resource.urn} is registered twice: name one otherwise")
        if request.importId:
            raise StopRun(
                resource.urn,
                f"a dry run imports nothing; the Pulumi engine does: `{typed('emulator')} engine`",
            )
        package = package_of(resource.type)
        if request.remote:
            given = resource.provider or request.providers.get(package, "")
            resource.provider = given or self._default_provider(package, request.version)
            return self._construct(resource)
        if not resource.custom:
            self._judge(resource)
            return pb.RegisterResourceResponse(urn=resource.urn)
        if resource.type.startswith(PROVIDER_PREFIX):
            if request.version:  # a provider resource keeps the version of its plugin, as the engine's do
                resource.inputs.setdefault("version", request.version)
            self._provider(resource)
            return _reply(resource)
        resource.provider = resource.provider or self._default_provider(package, request.version)
        return self._custom(resource)

    def register_outputs(self, request: Any) -> None:
        """Take the outputs of a component or of the stack."""
        resource = self._known[request.urn]
        resource.outputs = from_struct(request.outputs)
        self.report.end(resource)

    def read(self, request: Any) -> pb.ReadResourceResponse:
        """Read a resource that the stack does not manage, or another stack's outputs."""
        resource = resources.read(request, self._stack, self._project.name)
        if not resource.provider:
            resource.provider = self._default_provider(package_of(request.type), request.version)
        self._known[resource.urn] = resource
        self.report.begin(resource)
        if request.type == "pulumi:pulumi:StackReference":
            name = str(reveal(resource.inputs).get("name") or resource.id)
            resource.outputs = self._outputs_of(name, resource.urn)
        elif request.id != UNKNOWN_STRING:  # an output of what is created first: nothing is known of it
            resource.outputs = self._read(resource)
        return pb.ReadResourceResponse(urn=resource.urn, properties=to_struct(resource.outputs))

    def invoke(self, request: Any) -> Props:
        """Call a provider's function, or read another stack's outputs. Raises ProviderError.

        Azure is empty here: what is not found is not of this stack, and what it is like is not known.
        """
        args = reveal(from_struct(request.args))
        if request.tok == "pulumi:pulumi:readStackOutputs":
            return self._outputs_of(str(args["name"]), default_stack_urn(self._stack, self._project.name))
        if request.tok == "pulumi:pulumi:readStackResourceOutputs":
            return {"name": args["stackName"], "outputs": {}}  # without an engine there is no state
        reference = request.provider or self._default_provider(package_of(request.tok), request.version)
        try:
            return self._providers.find(reference).invoke(request.tok, args)
        except ProviderError as error:
            if error.status != NOT_FOUND:
                raise
            return {"id": UNKNOWN}

    def finish(self) -> None:
        """Let the packs judge the whole stack, whatever else was found, so that all problems are shown at once."""
        root = default_stack_urn(self._stack, self._project.name)
        managed = [r for r in self._known.values() if not r.external]
        self._packs.analyze_stack([(r, self._provider_of(r)) for r in managed], root)

    def _construct(self, resource: Resource) -> pb.RegisterResourceResponse:
        """Take a remote component: on the engine its provider registers it, and what is in it.

        Without the inputs that the program states, but for those that the provider cannot read.
        """
        stated, resource.inputs = resource.inputs, {}
        provider = self._providers.find(resource.provider)
        try:
            made = provider.construct(resource.urn, resource.type, stated, preview=True)
        except ProviderError as error:
            self._judge(resource)
            return self._refuse(resource, str(error))
        resource.inputs = dict(made.unread)
        self._judge(resource)
        if made.note:
            self.report.say("info", made.note, resource.urn)
        for child in made.children:
            urn = make_urn(self._stack, self._project.name, resource.urn, child.type, child.name)
            if urn in self._known:
                raise StopRun(urn, f"the URN {urn} is registered twice: name one otherwise")
            self._custom(resources.inside(resource, urn, child))
        resource.outputs = {k: v for k, v in made.outputs.items() if k not in stated}
        return _reply(resource)

    def _provider(self, resource: Resource) -> None:
        self._judge(resource)
        resource.outputs = dict(resource.inputs)
        try:
            self._providers.make(resource)
        except ProviderError as error:
            raise StopRun(resource.urn, str(error)) from None

    def _default_provider(self, package: str, version: str) -> str:
        """Return the reference of a package's default provider, registered when it is first needed."""
        resource = self._providers.default(package, version)
        if resource.urn not in self._known:
            self._provider(resource)
        return f"{resource.urn}::"

    def _custom(self, resource: Resource) -> pb.RegisterResourceResponse:
        provider = self._providers.find(resource.provider)
        plain, failures = provider.check(resource.urn, None, reveal(resource.inputs))
        resource.inputs = mark_secrets(plain, resource.inputs)
        self._judge(resource)
        if failures:
            return self._refuse(
                resource, *(f"{f.property}: {f.reason}" if f.property else f.reason for f in failures)
            )
        try:
            _, outputs = provider.create(resource.urn, reveal(resource.inputs), preview=True)
        except ProviderError as error:
            return self._refuse(resource, str(error))
        resource.outputs = _marked(outputs, resource)
        return _reply(resource)

    def _judge(self, resource: Resource) -> None:
        """Let the packs mend a resource's inputs and judge them."""
        self._known[resource.urn] = resource
        self.report.begin(resource)
        provider = self._provider_of(resource)
        for said, inputs in self._packs.remediate(resource, provider):
            resource.inputs = inputs
            self.report.say("info", said, resource.urn)
        self.report.end(resource)
        self._packs.analyze(resource, provider)

    def _provider_of(self, resource: Resource) -> Resource | None:
        return self._providers.resource(resource.provider) if resource.provider else None

    def _refuse(self, resource: Resource, *messages: str) -> pb.RegisterResourceResponse:
        """Report what is wrong with a resource; the run goes on, its outputs not being known."""
        for message in messages:
            self.report.say("error", message, resource.urn)
        resource.outputs = dict(resource.inputs)
        return pb.RegisterResourceResponse(urn=resource.urn, result=pb.FAIL)

    def _read(self, resource: Resource) -> Props:
        try:
            found = self._providers.find(resource.provider).read(resource.urn, resource.id, None)
        except ProviderError as error:
            raise StopRun(resource.urn, str(error)) from None
        if found is None:
            raise StopRun(resource.urn, f"there is no {resource.type} with the id {resource.id!r}")
        return _marked(found[2], resource)

    def _outputs_of(self, name: str, asking: str) -> Props:
        """Return the outputs of a stack: none before the first `up` of one that this project has, else unknown."""
        *scope, stack = name.split("/")
        outputs: Any = {}
        if scope not in ([], ["organization"], ["organization", self._project.name]):
            outputs = UNKNOWN
            self.report.say("info", f"the outputs of {name} are not known without an engine", asking)
        elif not self._project.stack_file(stack).is_file():
            known = ", ".join(self._project.stacks())
            raise StopRun(asking, f"unknown stack {name!r}; stacks here: {known}")
        return {"name": name, "outputs": outputs, "secretOutputNames": []}


def _marked(outputs: Props, resource: Resource) -> Props:
    """Return a provider's outputs with the secrets among them marked."""
    result: Props = mark_secrets(outputs, resource.inputs)
    for name in resource.additional_secret_outputs:
        if name in result and not isinstance(result[name], Secret):
            result[name] = Secret(result[name])
    return result


def _reply(resource: Resource) -> pb.RegisterResourceResponse:
    return pb.RegisterResourceResponse(urn=resource.urn, id=resource.id, object=to_struct(resource.outputs))
