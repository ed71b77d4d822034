"""A container registry that the nodes pull from."""

from dataclasses import dataclass
from typing import Literal

import pulumi


@dataclass(frozen=True)
class RegistryArgs:
    """A registry that exists, by `id`, or one to create, by `name`."""

    label: str
    """What its resources are called in the program."""
    id: pulumi.Input[str] | None = None
    """Resource id of a registry that exists."""
    name: pulumi.Input[str] | None = None
    """Name of a registry to create in the cluster's resource group: 5 to 50 letters and digits that nobody else has."""
    sku: Literal["Standard", "Premium"] = "Standard"
    """Tier of a registry to create; Premium has private endpoints and more than one region."""
