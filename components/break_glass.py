"""Who may administer the whole cluster in an emergency."""

from collections.abc import Sequence

import pulumi

from components.entra_group import group_object_id
from settings.groups import Group


def break_glass_groups(groups: Sequence[Group], opts: pulumi.ResourceOptions) -> list[pulumi.Output[str]]:
    """Return the Entra object ids of the groups, creating those that the settings give no id for."""
    description = "Administers the whole cluster; for emergencies only"
    return [group_object_id(group, description, opts) for group in groups]
