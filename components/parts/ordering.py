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


def everything() -> list[pulumi.Resource]:
    """Return a list that each resource joins which the program registers from now on."""
    found: list[pulumi.Resource] = []

    def note(one: pulumi.ResourceTransformationArgs) -> None:
        found.append(one.resource)

    pulumi.runtime.register_stack_transformation(note)
    return found


def last_of(found: list[pulumi.Resource], *, protect: bool) -> pulumi.ResourceOptions:
    """Return options of what comes after all of these and goes before them.

    Protected, it stops a `destroy` before anything is deleted: the engine asks what is protected one by one, while it
    deletes, and what depends on others is deleted first. Without it a protected cluster would lose all that is inside it.
    """
    return pulumi.ResourceOptions(depends_on=list(found), protect=protect or None)
