"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""

from components.access.roles import role_rules
from components.access.rule import Rule
from components.access.table import (
    AccessRow,
    PlatformRow,
    access_data,
    access_table,
    platform_data,
    platform_table,
)

__all__ = [
    "AccessRow",
    "PlatformRow",
    "Rule",
    "access_data",
    "access_table",
    "platform_data",
    "platform_table",
    "role_rules",
]
