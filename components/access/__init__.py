"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PLACES = {
    "AccessRow": "components.access.table",
    "PlatformRow": "components.access.table",
    "Rule": "components.access.rule",
    "access_data": "components.access.table",
    "access_table": "components.access.table",
    "platform_data": "components.access.table",
    "platform_table": "components.access.table",
    "role_rules": "components.access.roles",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is: a command of this package begins, and can be ended, before all of it is there."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_PLACES[name]), name)
