"""Entra groups, created or existing."""

import pulumi
import pulumi_azuread as azuread

from settings.sections.groups import Group


def group_object_id(group: Group, description: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Return the group's object id; a group that the settings give no id for is created."""
    if group.object_id:
        return pulumi.Output.from_input(group.object_id)
    created = azuread.Group(
        group.name,
        display_name=group.name,
        description=description,
        security_enabled=True,
        # A second group of the same name would be a trap for whoever looks a person's rights up by name.
        prevent_duplicate_names=True,
        members=list(group.members) or None,
        opts=opts,
    )
    return created.object_id
