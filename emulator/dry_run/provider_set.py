"""The providers of a run: one instance for each provider resource, the default ones made as they are first needed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.dry_run.resource import Resource
from emulator.errors import OperationError
from emulator.plugins.base import Construction, Provider, ProviderError
from emulator.properties.urns import PROVIDER_PREFIX, make_urn, package_of
from emulator.properties.values import has_unknown, reveal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.dry_run.project import Config
    from emulator.plugins.base import Props

    Factories = Mapping[str, Callable[[], Provider]]


class Unconfigured(Provider):
    """Stands for a provider whose configuration is not known yet: as the engine does, it is not asked anything."""

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Know no outputs."""
        del urn, inputs, preview
        return "", {}

    @override
    def update(
        self, urn: str, id_: str, old_outputs: Props, old_inputs: Props, news: Props, *, preview: bool
    ) -> Props:
        """Know no outputs."""
        del urn, id_, old_outputs, old_inputs, news, preview
        return {}

    @override
    def construct(self, urn: str, type_: str, inputs: Props, *, preview: bool) -> Construction:
        """Know no children."""
        del urn, inputs, preview
        return Construction({}, note=f"what is inside {type_} is known once its provider's configuration is")


@dataclass
class _Instance:
    resource: Resource
    provider: Provider


class ProviderSet:
    """Finds the provider of a resource by its reference, `<urn>::<id>`."""

    def __init__(self, factories: Factories, config: Config, *, stack: str, project: str) -> None:
        """Take what makes the provider of each package; `report` and `warn` may be set before use."""
        self._factories = factories
        self._config = config
        self._stack = stack
        self._project = project
        self._instances: dict[str, _Instance] = {}
        self._warned: set[str] = set()
        self.report: Callable[[str, str], None] = lambda urn, message: None  # noqa: ARG005 - a default that says nothing
        self.warn: Callable[[str], None] = lambda message: None  # noqa: ARG005 - a default that says nothing

    def make(self, resource: Resource) -> None:
        """Make and configure the instance behind a provider resource. Raises ProviderError when it is refused."""
        package = package_of(resource.type)
        inputs = reveal(resource.inputs)
        if has_unknown(inputs):
            provider: Provider = Unconfigured()
        else:
            provider = self._create(package)
            provider.configure({k: v for k, v in inputs.items() if k not in {"version", "__internal"}})
        self._instances[resource.urn] = _Instance(resource, provider)

    def find(self, reference: str) -> Provider:
        """Return the instance that a resource refers to. Raises OperationError when there is none."""
        instance = self._instances.get(reference.rpartition("::")[0])
        if instance is None:
            raise OperationError(f"there is no provider {reference}")
        return instance.provider

    def resource(self, reference: str) -> Resource | None:
        """Return the provider resource behind a reference."""
        instance = self._instances.get(reference.rpartition("::")[0])
        return instance.resource if instance else None

    def default_resource(self, package: str, version: str) -> Resource:
        """Return the resource of a package's default provider, to be registered when it is not yet."""
        name = (
            f"default_{version.replace('.', '_').replace('-', '_').replace('+', '_')}"
            if version
            else "default"
        )
        inputs: dict[str, Any] = {**self._config.package(package)}
        if version:
            inputs["version"] = version
        type_ = PROVIDER_PREFIX + package
        return Resource(
            make_urn(self._stack, self._project, "", type_, name), type_, custom=True, inputs=inputs
        )

    def is_made(self, urn: str) -> bool:
        """Say whether the provider resource with this URN has its instance."""
        return urn in self._instances

    def reference(self, urn: str) -> str:
        """Return what resources that use the provider with this URN refer to it by."""
        return f"{urn}::{self._instances[urn].resource.id}"

    def restore(self, resource: Resource) -> None:
        """Make the instance of a provider resource from an earlier run, for deletes and refreshes."""
        if not self.is_made(resource.urn):
            try:
                self.make(resource)
            except ProviderError as error:
                raise OperationError(f"{resource.urn}: {error}") from None

    def close(self) -> None:
        """Close all instances."""
        for instance in self._instances.values():
            instance.provider.close()

    def _create(self, package: str) -> Provider:
        factory = self._factories.get(package)
        if factory is None:
            if package not in self._warned:
                self._warned.add(package)
                self.warn(
                    f"the emulator has no provider for {package!r}: it accepts its resources as they are, unchecked"
                )
            return Provider()
        provider = factory()
        provider.report = self.report
        return provider


def new_id() -> str:
    """Return an id for a provider resource."""
    return str(uuid.uuid4())
