"""A container registry that the nodes pull from: one that exists, or one to create."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from settings.fields.base import refused
from settings.fields.ids import resource_id
from settings.sections.base import Section

_NAME = re.compile(r"[A-Za-z0-9]{5,50}")


def _name(value: str) -> str:
    if _NAME.fullmatch(value):
        return value
    raise refused(
        f"{value!r} is not a name of a container registry",
        "write 5 to 50 letters and digits, a name that nobody else in Azure has",
    )


RegistryId = Annotated[str, resource_id("a container registry", "Microsoft.ContainerRegistry", "registries")]


class Registry(Section):
    """A container registry: an entry is its resource id, or a mapping with the `name` of one to create."""

    id: RegistryId | None = None
    """Resource id of a registry that exists; or just write it as the entry."""
    name: Annotated[str, AfterValidator(_name)] | None = None
    """Name of a registry to create in the cluster's resource group."""
    sku: Literal["Standard", "Premium"] = "Standard"
    """Tier of a registry to create; Premium has private endpoints and more than one region."""

    @property
    def label(self) -> str:
        """The registry's name."""
        return self.name or (self.id or "").rsplit("/", 1)[-1]


def _entry(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


RegistryEntry = Annotated[Registry, BeforeValidator(_entry)]
