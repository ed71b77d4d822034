"""Plain values into settings, or into everything that is wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from settings.checks.draft import SYSTEM_POOL, Context, Draft
from settings.checks.every import findings
from settings.checks.finding import Finding
from settings.existing import for_existing, is_existing, needs_azure
from settings.reading import kinds
from settings.reading.explain import explained
from settings.sections.stack import StackSettings

_LISTS = ("pools", "teams", "platform", "exemptions")
_MOST_ITEMS = 500
"""Items of a list that is too long or partly wrong that are looked at."""


def assemble(
    sections: Mapping[str, Any], location: Any, context: Context, own: Mapping[str, Any] | None = None
) -> tuple[StackSettings | None, list[Finding]]:
    """Return the settings of a stack, or None and all that is wrong.

    `sections` are the values below `secure-aks:`, `location` the one of `azure-native:location`; `own` are the sections that the
    stack file itself says, of which a cluster that is there already lets fewer stand (all of them unless given).
    """
    wrong: list[Finding] = []
    if "location" in sections:
        wrong.append(
            Finding(
                "secure-aks:location",
                "the location is not a key of this project",
                "write `azure-native:location`",
            )
        )
    values = {key: value for key, value in sections.items() if key != "location"}
    if location is not None:
        values["location"] = location
    if existing := is_existing(values):
        wrong += needs_azure(sections if own is None else own)
        values = for_existing(values)
    settings: StackSettings | None = None
    try:
        settings = StackSettings.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        wrong += explained(error)
        draft = _draft_of_values(values, context)
    else:
        draft = _draft_of_settings(settings, context)
    wrong += findings(replace(draft, is_existing=existing))
    return (None, wrong) if wrong else (settings, [])


def _draft_of_settings(settings: StackSettings, context: Context) -> Draft:
    """Return the draft of a stack file that could be read as a whole."""
    return _draft(
        {name: getattr(settings, name) for name in StackSettings.model_fields}, context, complete=True
    )


def _draft_of_values(values: Mapping[str, Any], context: Context) -> Draft:
    """Return the draft of what can be read: section by section, and lists item by item."""
    sections: dict[str, Any] = {}
    for name, field in StackSettings.model_fields.items():
        key = to_camel(name)
        if key not in values:
            sections[name] = None if field.is_required() else field.get_default(call_default_factory=True)
        elif name in _LISTS and isinstance(values[key], list):
            model = kinds.of_field(field).model
            sections[name] = [
                _validated(model, item) for item in cast("list[Any]", values[key])[:_MOST_ITEMS]
            ]
        else:
            sections[name] = _validated(field.annotation, values[key])
    return _draft(sections, context, complete=False)


def _draft(sections: Mapping[str, Any], context: Context, *, complete: bool) -> Draft:
    values: dict[str, Any] = {
        name: value for name, value in sections.items() if name in Draft.__dataclass_fields__
    }
    for name in _LISTS:
        items: Iterable[Any] = sections[name] or ()
        placed = {f"secure-aks:{name}[{index}]": item for index, item in enumerate(items)}
        values[name] = {path: item for path, item in placed.items() if item is not None}
    if sections["system_pool"] is not None:
        values["pools"] = {SYSTEM_POOL: sections["system_pool"], **values["pools"]}
    return Draft(context=context, complete=complete, **values)


def _validated(annotation: Any, value: Any) -> Any:
    try:
        if hasattr(annotation, "model_validate"):
            return annotation.model_validate(value, by_alias=True, by_name=False)
        return TypeAdapter[Any](annotation).validate_python(value, by_alias=True, by_name=False)
    except ValidationError:
        return None
