"""Who may administer the whole cluster in an emergency."""

from collections.abc import Sequence

import pulumi
import pulumi_azuread as azuread

from settings.groups import Group


def break_glass_groups(groups: Sequence[Group], opts: pulumi.ResourceOptions) -> list[pulumi.Output[str]]:
    """Return the Entra object ids of the groups, creating those that the settings give no id for."""
    return [
        pulumi.Output.from_input(group.object_id) if group.object_id else _created(group, opts).object_id
        for group in groups
    ]


def _created(group: Group, opts: pulumi.ResourceOptions) -> azuread.Group:
    return azuread.Group(
        group.name,
        display_name=group.name,
        description="Administers the whole cluster; for emergencies only",
        security_enabled=True,
        # A second group of the same name would be a trap for whoever looks a person's rights up by name.
        prevent_duplicate_names=True,
        members=list(group.members) or None,
        opts=opts,
    )
