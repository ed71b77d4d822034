"""The SDK's analyzer, taught what the library's arguments are: dataclasses with defaults, words out of a list, docstrings."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal, Optional, cast, get_args, get_origin

import pulumi
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    ComponentDefinition,
    PropertyDefinition,
    is_input,
    is_optional,
    unwrap_optional,
)
from pulumi.provider.experimental.util import camel_case
from typing_extensions import override


class LibraryAnalyzer(Analyzer):
    """Reads the library's components as they stand.

    An argument with a default need not be said; one that takes a Python object (a resource, a function) is left out, as other
    languages have none to give; a `Literal` is an enum; of a component its outputs are shown.
    """

    @override
    def analyze_type(
        self, typ: type, *, is_component_output: bool
    ) -> tuple[dict[str, PropertyDefinition], dict[str, str]]:
        mapping: dict[str, str] = {}
        properties: dict[str, PropertyDefinition] = {}
        kind: type = typ
        for name, hint, need_not_be_said in _arguments(kind) if is_dataclass(typ) else _outputs(kind):
            # Of a resource Pulumi keeps `id` for itself.
            key = "resourceId" if name == "id" and is_component_output else camel_case(name)
            mapping[key] = name
            properties[key] = self.analyze_property(
                hint,
                kind,
                name,
                can_be_plain=not is_component_output,
                is_component_output=is_component_output,
                optional=need_not_be_said or is_optional(hint),
            )
        return properties, mapping

    @override
    def analyze_property(
        self,
        arg: type,
        typ: type,
        name: str,
        *,
        can_be_plain: bool,
        is_component_output: bool,
        optional: bool | None = None,
    ) -> PropertyDefinition:
        found = super().analyze_property(
            arg,
            typ,
            name,
            can_be_plain=can_be_plain,
            is_component_output=is_component_output,
            optional=optional,
        )
        if found.items and found.items.ref:
            # For Go a type that is only ever a plain item gets no arguments, and what names them does not compile.
            found.items.plain = None
        return found

    @override
    def analyze_component(self, component: type[pulumi.ComponentResource]) -> ComponentDefinition:
        found = super().analyze_component(component)
        found.description = inspect.cleandoc(component.__doc__ or "")
        return found

    @override
    def get_docstring(self, typ: type, name: str) -> str | None:
        # What is made here has no source of its own: an enum's words say enough, a renamed class has that of its base.
        if issubclass(typ, Enum):
            return None
        for base in typ.__mro__:
            if found := super().get_docstring(base, name):
                return found
        return None


def _arguments(kind: type) -> Iterator[tuple[str, Any, bool]]:
    for one in fields(cast("Any", kind)):
        if _is_data(one.type):
            has_default = one.default is not MISSING or one.default_factory is not MISSING
            yield one.name, _said(one.type, kind, one.name), has_default


def _outputs(component: type) -> Iterator[tuple[str, Any, bool]]:
    own = [kind for kind in reversed(component.__mro__) if kind.__module__.partition(".")[0] != "pulumi"]
    for name, hint in (item for kind in own for item in inspect.get_annotations(kind).items()):
        shown: Any = unwrap_optional(hint) if is_optional(hint) else hint
        value = get_args(shown)[1] if get_origin(shown) is dict else shown
        if get_origin(value) is pulumi.Output:
            yield name, shown, shown is not hint


def _is_data(hint: Any) -> bool:
    """Tell whether another language can say it."""
    if is_input(hint) or get_origin(hint) is Literal:
        return True
    if (
        hint is object
        or get_origin(hint) is Callable
        or (inspect.isclass(hint) and issubclass(hint, _OBJECTS))
    ):
        return False
    return all(map(_is_data, get_args(hint)))


_OBJECTS = (pulumi.Resource,)


def _said(hint: Any, kind: type, name: str) -> Any:
    """Return an argument's type as the SDK's analyzer knows it."""
    if get_origin(hint) is Literal:
        return _words(f"{_bare(kind)}{_pascal(name)}", kind.__module__, get_args(hint))
    if is_dataclass(hint):
        return _renamed(cast("type", hint))
    if is_input(hint):
        return hint
    if is_optional(hint):
        return Optional[_said(unwrap_optional(hint), kind, name)]  # noqa: UP045 - a type made at run time
    origin = get_origin(hint)
    return origin[tuple(_item(one, kind, name) for one in get_args(hint))] if origin else hint


def _item(hint: Any, kind: type, name: str) -> Any:
    # Of words in a list the SDK's provider makes objects; as text they come through, and the arguments check them.
    return str if get_origin(hint) is Literal else _said(hint, kind, name)


@cache
def _words(name: str, module: str, values: tuple[str, ...]) -> type[Enum]:
    # Read by no type checker: its members come of the argument's own words.
    made: Any = StrEnum(name, [(_pascal(value), value) for value in values], module=module)
    return made


@cache
def _renamed(kind: type) -> type:
    """Return the class without the `Args` that other languages put behind it themselves."""
    return type(_bare(kind), (kind,), {"__module__": kind.__module__, "__doc__": kind.__doc__})


def _bare(kind: type) -> str:
    return kind.__name__.removesuffix("Args")


def _pascal(text: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text))
