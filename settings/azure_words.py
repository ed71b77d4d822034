"""Settings in Azure's words: what the `Azure` marks of a section's fields make of its values."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.fields.azure import NOTHING, Azure
from settings.reading import kinds
from settings.sections.base import Section

_EACH = "[]."


def sent(section: Section) -> dict[str, Any]:
    """Return the properties that a section's marked fields say, nested, under the names of Azure's REST API."""
    made: dict[str, Any] = {}
    for name, field in type(section).model_fields.items():
        value, marks = getattr(section, name), _marks(field.metadata)
        if value is None or (marks and _is_nothing(value, field)):
            continue
        if marks and isinstance(value, tuple):
            # No list of these says anything by its order, and Azure would take another one for a change.
            value = tuple(sorted(cast("tuple[object, ...]", value), key=str))
        for mark in marks:
            _put(made, mark, value)
        if isinstance(value, Section):
            _join(made, sent(value))
    return made


def marked(model: type[BaseModel], place: str = "", around: str = "") -> Iterator[tuple[str, str]]:
    """Yield each marked setting of a section by its path there, with the path of Azure's property that says it."""
    for name, field in model.model_fields.items():
        path = f"{place}{field.alias or name}"
        kind, marks = kinds.of_field(field), _marks(field.metadata)
        for mark in marks:
            yield path, f"{around}{mark.path}"
        if not kind.model:
            continue
        if not kind.container:
            yield from marked(kind.model, f"{path}.", around)
        elif marks:
            each = marks[0].path.partition(_EACH)[0]
            inside = f"{each}[]." if kind.container == "list" else f"{each}.<name>."
            yield from marked(kind.model, f"{path}{inside.removeprefix(each)}", f"{around}{inside}")


def _is_nothing(value: Any, field: FieldInfo) -> bool:
    return value in NOTHING and value == field.get_default(call_default_factory=True)


def _marks(metadata: list[Any]) -> list[Azure]:
    return [mark for mark in metadata if isinstance(mark, Azure)]


def _put(made: dict[str, Any], mark: Azure, value: Any) -> None:
    head, is_list, tail = mark.path.partition(_EACH)
    *parents, last = head.split(".")
    for parent in parents:
        made = made.setdefault(parent, {})
    if is_list:
        rows: list[dict[str, Any]] = made.setdefault(last, [{} for _ in value])
        for row, item in zip(rows, value, strict=True):
            if mark.value is not None:
                row[tail] = mark.value
            else:
                row.update(sent(item) if isinstance(item, Section) else {tail: mark.of(item)})
    elif mark.value is not None:
        made[last] = mark.value
    else:
        made[last] = _plain(mark, value)


def _plain(mark: Azure, value: Any) -> Any:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value)
        return {name: sent(item) if isinstance(item, Section) else item for name, item in items.items()}
    return list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else mark.of(value)


def _join(made: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(made.get(name), dict):
            _join(made[name], cast("dict[str, Any]", value))
        else:
            made[name] = value
