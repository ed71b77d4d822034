"""A resource of the stack as the rules see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from secure_aks_lifecycle.judging.plain import dig

_MODULE_VERSION = re.compile(r"^(azure-native:[a-z]+)/[^:]+:")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: its type token (without an API version), URN, logical name and plain properties."""

    type: str
    urn: str
    name: str
    props: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The names a person may use for it: the logical one, Azure's, and Kubernetes'."""
        found = (self.name, dig(self.props, "resourceName"), dig(self.props, "metadata", "name"))
        return tuple(name for name in found if isinstance(name, str))

    @property
    def kind(self) -> str | None:
        """The Kubernetes kind, if it has one."""
        kind = dig(self.props, "kind")
        return kind if isinstance(kind, str) else None

    @property
    def namespace(self) -> str | None:
        """The Kubernetes namespace, if it has one."""
        namespace = dig(self.props, "metadata", "namespace")
        return namespace if isinstance(namespace, str) else None


def plain_type(token: str) -> str:
    """Return a type token without the API version that azure-native's versioned modules carry."""
    return _MODULE_VERSION.sub(r"\1:", token)
