"""ARM's paths: a scope, a provider's namespace, types and names in turn, and perhaps an action."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emulator.azure.ids import group_of

_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
_GROUP = re.compile(r"(/subscriptions/[^/]+)/resourceGroups(?:/([^/]+))?(/[^/]+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """What a path speaks of: one resource, or (with an even number of names and types missing its last name) a collection."""

    path: str
    scope: str
    """What stands before the last `/providers/`: a subscription, a resource group, or any resource; "" for the tenant."""
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    """As many as types for a resource; one less for a collection or an action."""

    @property
    def arm_type(self) -> str:
        """`Microsoft.ContainerService/managedClusters`, as it is written in the path."""
        return "/".join((self.namespace, *self.types))

    @property
    def is_resource(self) -> bool:
        """Whether the path names one resource."""
        return len(self.names) == len(self.types)

    @property
    def parent(self) -> str:
        """The id of the resource that a collection or an action belongs to; the scope where there is none."""
        return self.path.rsplit("/", 1)[0] if self.names else self.scope

    @property
    def group(self) -> str:
        """The resource group's name; "" outside of one."""
        return group_of(self.path) or ""


def parse(path: str) -> Target | None:
    """Return what a path speaks of, None for what is no path of a resource provider or of resource groups."""
    path = "/" + path.strip("/")
    if "/providers/" in path.lower():
        at = path.lower().rindex("/providers/")
        scope, rest = path[:at], path[at + len("/providers/") :].split("/")
        if len(rest) > 1 and all(rest):
            return Target(path, scope, rest[0], tuple(rest[1::2]), tuple(rest[2::2]))
        return None
    found = _GROUP.fullmatch(path)
    if found is None:
        return None
    names = (found[2],) if found[2] else ()
    if found[3]:
        return Target(path, found[1], "Microsoft.Resources", ("resourceGroups", found[3][1:]), names)
    return Target(path, found[1], "Microsoft.Resources", ("resourceGroups",), names)


def subscription_of(path: str) -> str | None:
    """Return the subscription that a path begins with."""
    found = _SUBSCRIPTION.match(path)
    return found[1] if found else None
