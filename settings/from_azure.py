"""Settings from Azure's words: the `Azure` marks of a section's fields, read the other way (`settings.azure_words` sends them)."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.fields.azure import Azure
from settings.reading import kinds

_EACH = "[]."


def said(model: type[BaseModel], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a stack file says where Azure has these properties: the marked keys alone, and no default.

    It is what is nearest, no more: whoever uses it sees to it that the settings take it, and that it sends what was there.
    """
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        value = _of(field, there)
        if value is not None and value != _plain(field.get_default(call_default_factory=False)):
            found[field.alias or name] = value
    return found


def _of(field: FieldInfo, there: Mapping[str, Any]) -> Any:
    """Return a field's value; None where Azure says nothing of it."""
    kind = kinds.of_field(field)
    mark = next((one for one in field.metadata if isinstance(one, Azure)), None)
    if mark is None:
        return (said(kind.model, there) or None) if kind.model and not kind.container else None
    head, is_list, tail = mark.path.partition(_EACH)
    value = _at(there, head)
    if is_list:
        rows = cast("list[dict[str, Any]]", value if isinstance(value, list) else [])
        return [said(kind.model, row) if kind.model else _back(mark, row.get(tail)) for row in rows] or None
    if mark.value is not None:  # a mapping that stands there; its keys say the rest
        return said(kind.model, there) if value == mark.value and kind.model else None
    if kind.model and kind.container == "mapping":
        inner = cast("dict[str, Any]", value if isinstance(value, dict) else {})
        return {name: said(kind.model, one) for name, one in inner.items()} or None
    return _back(mark, value)


def _back(mark: Azure, value: Any) -> Any:
    """Return the setting's value for Azure's."""
    if value is None or value in ("", [], {}):
        return None
    if mark.form:
        before, after = mark.form.split("{}")
        text = str(value).removeprefix(before).removesuffix(after)
        return int(text) if text.isdigit() else text
    return next((ours for ours, azures in mark.values.items() if azures == value), value)


def _at(there: Mapping[str, Any], path: str) -> Any:
    place: Any = there
    for key in path.split("."):
        place = cast("dict[str, Any]", place).get(key) if isinstance(place, dict) else None
    return place


def _plain(default: Any) -> Any:
    return list(cast("tuple[Any, ...]", default)) if isinstance(default, tuple) else default
