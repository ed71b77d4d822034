"""What makes resources wait for others."""

from typing import TypeVar

import pulumi

T = TypeVar("T")


def once(resource: pulumi.Resource, value: T) -> pulumi.Output[T]:
    """Return the value, to be used once the resource is there; at preview it is known all the same.

    An output such as `group.name` would be unknown at the first preview, and with it would be hidden from the policy
    packs whatever is made from it. If the resource fails, so does whatever uses the value.
    """
    return resource.urn.apply(lambda _: value)


def registered(component: pulumi.Resource) -> pulumi.ResourceOptions:
    """Return the options of what must not be registered before the engine and its policy packs have passed a component.

    Pulumi reads `depends_on` of a component as its children, so of one without children it waits for nothing.
    """
    none: list[pulumi.Resource] = []
    return pulumi.ResourceOptions(depends_on=once(component, none))
