"""pydantic's errors in plain words."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from settings.checks.finding import MOST, Finding
from settings.facts.ours import absent
from settings.reading import kinds
from settings.reading.layer_keys import LAYER_KEYS
from settings.sections.stack import StackSettings
from settings.words import did_you_mean, named_kind

Location = Sequence[int | str]


def explained(error: ValidationError) -> Iterable[Finding]:
    """Yield what the errors of `StackSettings` mean: where, why, and what to write."""
    for details in islice(error.errors(include_url=False), MOST):
        # What only follows from another problem is none of its own: a default that depends on a wrong field,
        # a list that is empty because its items are wrong.
        follows = details["type"] == "default_factory_not_called" or (
            details["type"] == "too_short" and details["input"]
        )
        if not follows:
            yield _explained(details)


def _explained(error: ErrorDetails) -> Finding:
    location = error["loc"]
    path, context = path_of(location), error.get("ctx", {})
    match error["type"]:
        case "refused":
            return Finding(path, context["why"], context["remedy"])
        case "missing":
            return _missing(path, location)
        case "extra_forbidden":
            return _unknown(path, location)
        case "string_type":
            return _not_text(path, error["input"])
        case _:
            return _other(path, location, error)


def path_of(location: Location) -> str:
    """Return a location as a path in the stack file: `secure-aks:pools[2].version`."""
    if location == ("location",):
        return "azure-native:location"
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location if part != "[key]"]
    return "secure-aks:" + "".join(parts).removeprefix(".")


def _missing(path: str, location: Location) -> Finding:
    field = _field_at(location)
    words = kinds.of_field(field).words if field else "its value"
    key = "azure-native:location" if location == ("location",) else str(location[-1])
    if len(location) == 1 and key == location[0]:
        key = f"secure-aks:{key}"
    return Finding(path, "this key is required", f"add `{key}`: {words}")


def _unknown(path: str, location: Location) -> Finding:
    model = _model_at(location[:-1])
    known = [name for name, _ in aliases(model)] if model else []
    if len(location) == 1:
        known = [*known, *LAYER_KEYS]
        known.remove("location")
    if why := absent(str(location[-1])):
        return Finding(path, why, "remove it")
    return Finding(path, "there is no such key", did_you_mean(str(location[-1]), known))


def _not_text(path: str, value: Any) -> Finding:
    if isinstance(value, (int, float, date)):
        text = str(value).lower() if isinstance(value, bool) else getattr(value, "text", str(value))
        return Finding(
            path, f"{text} without quotes is {named_kind(value)}, and this is text", f'write "{text}"'
        )
    return Finding(path, f"this is text, and it is {named_kind(value)}", "write text")


def _other(path: str, location: Location, error: ErrorDetails) -> Finding:
    field = _field_at(location)
    kind = kinds.of_field(field) if field else None
    value, context = error["input"], error.get("ctx", {})
    if kind and str(value) in kind.choices:
        quotes = ("in quotes", f'"{value}"') if not isinstance(value, str) else ("without quotes", value)
        return Finding(path, f"{value!r} must stand {quotes[0]}", f"write {quotes[1]}")
    if kind and kind.choices and isinstance(value, str):
        return Finding(path, f"{value!r} is not one of its values", did_you_mean(value, kind.choices))
    if error["type"] == "too_long":
        why = f"the list has {context['actual_length']} entries, and {context['max_length']} are the most"
        return Finding(path, why, f"keep {context['max_length']} at most")
    if error["type"] == "too_short":
        return Finding(
            path, "the list is empty", f"name one at least ({kind.words})" if kind else "name one at least"
        )
    if isinstance(value, (dict, list)) or value is None:
        why = f"it is {named_kind(value)}"
    else:
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        why = f"{shown} is not what it takes"
    if location and isinstance(location[-1], int) and kind:
        return Finding(path, why, f"write {kind.words.removeprefix('a list, each item ')}")
    return Finding(path, why, f"write {kind.words}" if kind else error["msg"].lower())


def aliases(model: type[BaseModel]) -> Iterable[tuple[str, FieldInfo]]:
    """Yield the keys of a model as the stack file writes them, with their fields."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _field_at(location: Location) -> FieldInfo | None:
    """Return the field a location is in: of a list's item, the list's."""
    model: type[BaseModel] | None = StackSettings
    field: FieldInfo | None = None
    for part in location:
        if isinstance(part, int) or (field and not model):
            continue
        if model is None:
            return None
        found = dict(aliases(model)).get(part)
        if found is None:
            # A key of a mapping that the stack file chooses, such as a rule's id.
            continue
        field = found
        model = kinds.of_field(field).model
    return field


def _model_at(location: Location) -> type[BaseModel] | None:
    field = _field_at(location)
    return kinds.of_field(field).model if field else StackSettings
