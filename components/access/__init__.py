"""Who may do what in the cluster: the role presets and the declared access as data, made from the settings alone."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PLACES = {
    "AccessRow": ".table",
    "PlatformRow": ".table",
    "Rule": ".rule",
    "access_data": ".table",
    "access_table": ".table",
    "platform_data": ".table",
    "platform_table": ".table",
    "role_rules": ".roles",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is: a command of this package begins, and can be ended, before all of it is there."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_PLACES[name], __name__), name)
