"""How the help of a command and of a group of them looks: text, as wide as it is."""

from __future__ import annotations

from enum import EnumMeta
from typing import Any

from typer.core import TyperCommand, TyperGroup


class Plain(TyperCommand):
    """A command whose help is plain text: in rich's box a column of types takes the room, and at 80 columns words break."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "rich_markup_mode": None})
        for one in self.params:
            parameter: Any = one
            if parameter.param_type_name == "argument":
                parameter.display_type_rich = _nothing
            elif not (parameter.is_flag or parameter.metavar):
                parameter.metavar = _what(parameter.type_descriptor.annotation)


def _nothing(**_: Any) -> None: ...


def _what(annotation: Any) -> str | None:
    """Return what an option takes; None for one of a few words, which are listed as they are."""
    if isinstance(annotation, EnumMeta):
        return None
    said = str(annotation)
    return "NUMBER" if "int" in said else "PATH" if "Path" in said else "TEXT"


class Group(TyperGroup):
    """Commands whose help says of a switch that it is one, and no type of it."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, with nothing to write behind those that take nothing."""
        found: list[Any] = super().get_params(ctx)
        for one in found:
            if one.is_flag:
                one.metavar = ""
        return found
