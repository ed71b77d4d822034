"""What a stack may say: one model a section, and everything that contradicts itself refused before anything is registered."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from settings.reading.load import load, load_file
    from settings.reading.problem import Problem, SettingsError
    from settings.sections.stack import StackSettings

__all__ = ["Problem", "SettingsError", "StackSettings", "load", "load_file"]

_PLACES = {
    "Problem": "settings.reading.problem",
    "SettingsError": "settings.reading.problem",
    "StackSettings": "settings.sections.stack",
    "load": "settings.reading.load",
    "load_file": "settings.reading.load",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is: a command of this package begins, and can be ended, before all of it is there."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_PLACES[name]), name)
