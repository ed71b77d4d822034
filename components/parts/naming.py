"""Names of what a component makes, and names put together from parts that may be known only later."""

import pulumi


def part_name(component: str, part: str, *, first: str) -> str:
    """Return the logical name of a part of a component: its own with the component's before it.

    The component that this project's own program has had from the beginning (`first`) leaves its parts the names that
    they have in the state of every stack.
    """
    return part if component == first else f"{component}-{part}"


def group_and_name(resource_id: str) -> tuple[str, str]:
    """Return the resource group of an Azure resource id and the last name in it."""
    # /subscriptions/<id>/resourceGroups/<group>/providers/<namespace>/<type>/<name>
    _, _, _, _, group, *_, name = resource_id.split("/")
    return group, name


def joined(*parts: pulumi.Input[str]) -> pulumi.Input[str]:
    """Return parts as one text: known where all of them are."""
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return pulumi.Output.concat(*parts)
