"""The base of every section's model."""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """One mapping of the stack file: camelCase keys there, snake_case attributes here, nothing unknown, read-only."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def keep_kinds(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse `true` where a number is wanted, which pydantic takes for 1, and 1 where `true` or `false` is."""
        kinds = _kinds(cls, info.field_name or "")
        if len(kinds) == 1 and not all(isinstance(one, bool) == (bool in kinds) for one in _numbers(value)):
            raise PydanticCustomError("other_kind", "of another kind")
        return value


@cache
def _kinds(model: type[Section], name: str) -> frozenset[type]:
    """Return which of bool and int a field takes, or a list or mapping of it holds."""
    return frozenset(_plain(model.model_fields[name].annotation) & {bool, int})


def _plain(annotation: Any) -> set[Any]:
    parts = get_args(annotation)
    return set[Any]().union(*map(_plain, parts)) if parts else {annotation}


def _numbers(value: Any) -> Iterator[bool | float]:
    if isinstance(value, (list, tuple)):
        for item in cast("list[Any]", value):
            yield from _numbers(item)
    elif isinstance(value, dict):
        for item in cast("dict[str, Any]", value).values():
            yield from _numbers(item)
    elif isinstance(value, (bool, int, float)):
        yield value
