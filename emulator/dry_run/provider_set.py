"""The providers of a run: one instance for each provider resource, the default ones made as they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.dry_run.resource import Resource
from emulator.errors import OperationError
from emulator.plugins.base import Construction, Provider
from emulator.properties.urns import PROVIDER_PREFIX, make_urn, package_of
from emulator.properties.values import has_unknown, reveal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.properties.values import Props

    Factories = Mapping[str, Callable[[], Provider]]


class Unconfigured(Provider):
    """Stands for a provider whose configuration is not known yet: as the engine does, it is not asked anything."""

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """Know no outputs."""
        return "", {}

    @override
    def construct(self, urn: str, type_: str, inputs: Props, *, preview: bool) -> Construction:
        """Know nothing of what is inside."""
        return Construction({}, note=f"what is inside {type_} is known once its provider's configuration is")


class ProviderSet:
    """Finds the provider of a resource by its reference, `<urn>::<id>`."""

    def __init__(self, factories: Factories, config: dict[str, str], *, stack: str, project: str) -> None:
        """Take what makes the provider of each package, and the configuration of the default ones."""
        self.warn: Callable[[str], None] = lambda _message: None
        self._factories, self._config = factories, config
        self._stack, self._project = stack, project
        self._made: dict[str, tuple[Resource, Provider]] = {}

    def make(self, resource: Resource) -> None:
        """Make and configure the instance behind a provider resource. Raises ProviderError when it is refused."""
        package = package_of(resource.type)
        inputs = reveal(resource.inputs)
        if package not in {*self._factories, "pulumi"}:
            self.warn(f"the emulator has no provider for {package!r}: its resources are accepted as they are")
        if has_unknown(inputs):
            provider: Provider = Unconfigured()
        else:
            provider = self._factories.get(package, Provider)()
            provider.configure({k: v for k, v in inputs.items() if k != "version"})
        self._made[resource.urn] = (resource, provider)

    def find(self, reference: str) -> Provider:
        """Return the instance that a resource refers to. Raises OperationError when there is none."""
        urn = reference.rpartition("::")[0]
        if urn not in self._made:
            raise OperationError(f"there is no provider {reference}")
        return self._made[urn][1]

    def resource(self, reference: str) -> Resource | None:
        """Return the provider resource behind a reference."""
        found = self._made.get(reference.rpartition("::")[0])
        return found[0] if found else None

    def default(self, package: str, version: str) -> Resource:
        """Return the resource of a package's default provider, which `find` may not know yet."""
        suffix = version.replace(".", "_").replace("-", "_").replace("+", "_")
        inputs: dict[str, Any] = {
            key.removeprefix(f"{package}:"): value
            for key, value in self._config.items()
            if key.startswith(f"{package}:")
        }
        if version:
            inputs["version"] = version
        type_ = PROVIDER_PREFIX + package
        name = f"default_{suffix}" if version else "default"
        return Resource(
            make_urn(self._stack, self._project, "", type_, name), type_, custom=True, inputs=inputs
        )
