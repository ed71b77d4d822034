"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""

from .roles import role_rules
from .rule import Rule
from .table import (
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
