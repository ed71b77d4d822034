"""Which settings there are, and which of them a stack file says: each by its section's model and key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from settings.reading import kinds
from settings.reading.explain import aliases
from settings.sections.pools import Pool, SystemPool
from settings.sections.registries import Registry
from settings.sections.stack import StackSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "stacks"
SHIPPED = sorted(ROOT.glob("Pulumi.*.yaml"))
"""Brought up on the engine by tests/engine and tests/components/test_on_the_engine.py."""
Key = tuple[str, str]


def config(path: Path) -> dict[str, Any]:
    """The config of a stack file, with what Pulumi.yaml says for all stacks where it is a shipped one."""
    said = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["config"]
    if path.parent != ROOT:
        return said
    return _shared() | said


def _shared() -> dict[str, Any]:
    shared = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8")).get("config", {})
    values = {key: one["value"] if isinstance(one, dict) else one for key, one in shared.items()}
    defaults = values.pop("secure-aks:defaults", {})
    return values | {f"secure-aks:{key}": value for key, value in defaults.items()}


def every() -> dict[Key, str]:
    """Every setting, with the first path that it has in a stack file."""
    found: dict[Key, str] = {}

    def walk(model: type[BaseModel], place: str) -> None:
        for key, field in aliases(model):
            if (named(model), key) in found:
                continue
            found[named(model), key] = f"{place}{key}"
            kind = kinds.of_field(field)
            if kind.model:
                end = {"list": "[]", "mapping": ".<name>", None: ""}[kind.container]
                # The system pool's keys are a pool's.
                walk(kind.model, "pools[]." if kind.model is SystemPool else f"{place}{key}{end}.")

    walk(StackSettings, "")
    return found


def every_path() -> set[str]:
    """Every path that a setting has in a stack file of one cluster: what `every` names once stands in several sections."""
    found: set[str] = set()

    def walk(model: type[BaseModel], place: str, above: tuple[type[BaseModel], ...]) -> None:
        for key, field in aliases(model):
            found.add(f"{place}{key}")
            kind = kinds.of_field(field)
            if kind.model and kind.model not in above and key != "clusters":
                end = {"list": "[]", "mapping": ".<name>", None: ""}[kind.container]
                walk(kind.model, f"{place}{key}{end}.", (*above, kind.model))

    walk(StackSettings, "", ())
    return found


def said(values: dict[str, Any]) -> set[Key]:
    """The settings that a config says."""
    plain = {key.removeprefix("secure-aks:"): value for key, value in values.items()}
    plain["location"] = plain.pop("azure-native:location", "westeurope")
    return set(_said(StackSettings, plain))


def _said(model: type[BaseModel], value: Any) -> Iterator[Key]:
    if model is Registry and isinstance(value, str):
        value = {"id": value}
    fields = dict(aliases(model))
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key not in fields:
            continue
        yield named(model), key
        kind = kinds.of_field(fields[key])
        if not kind.model:
            continue
        items = {"list": lambda v: v, "mapping": lambda v: v.values(), None: lambda v: [v]}[kind.container](
            inner
        )
        for item in items if isinstance(inner, (list, dict)) else ():
            yield from _said(kind.model, item)


def named(model: type[BaseModel]) -> str:
    """The name of a section; the system pool's keys are a pool's."""
    return Pool.__name__ if model is SystemPool else model.__name__
