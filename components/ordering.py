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
