"""What a field of a model takes, in words; for messages and for the documentation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from settings.fields.base import Words
from settings.words import listed

_PLAIN = {bool: "true or false", int: "a whole number", str: "text", SecretStr: "a secret text"}


@dataclass(frozen=True)
class Kind:
    """What a value is: its words, the values it may have, and the model of a mapping or of the items it holds."""

    words: str
    model: type[BaseModel] | None = None
    choices: tuple[str, ...] = ()
    container: Literal["list", "mapping"] | None = None


def of_field(field: FieldInfo) -> Kind:
    """Return what a field takes."""
    return _of(field.annotation, tuple(field.metadata))


def _of(annotation: Any, metadata: tuple[Any, ...]) -> Kind:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(arguments[0], (*arguments[1:], *metadata))
    if origin in {Union, UnionType}:
        return _of(next(part for part in arguments if part is not NoneType), metadata)
    if origin is tuple:
        item = _of(arguments[0], ())
        return replace(item, words=f"a list, each item {item.words}", container="list")
    if origin is dict and (own := _own(metadata)):
        return Kind(own)
    if origin is dict:
        item = _of(arguments[1], ())
        return replace(item, words=f"a mapping, each value {item.words}", container="mapping")
    return _simple(annotation, metadata)


def _simple(annotation: Any, metadata: tuple[Any, ...]) -> Kind:
    if get_origin(annotation) is Literal:
        choices = tuple(map(str, get_args(annotation)))
        return Kind(listed(choices), choices=choices)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind("a mapping", annotation)
    return Kind(_own(metadata) or _PLAIN[annotation] + _bounds(list(_marks(metadata))))


def _own(metadata: tuple[Any, ...]) -> str | None:
    return next((mark.text for mark in _marks(metadata) if isinstance(mark, Words)), None)


def _marks(metadata: tuple[Any, ...]) -> Iterator[Any]:
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _bounds(marks: list[Any]) -> str:
    low = next((mark.ge for mark in marks if isinstance(mark, Ge)), None)
    high = next((mark.le for mark in marks if isinstance(mark, Le)), None)
    if low is None:
        return ""
    return f", {low} or more" if high is None else f", {low} to {high}"
