"""The effective stack file: everything that holds for a stack, and where each key was said."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, SecretStr

from settings.cluster_names import name_of
from settings.effective_line import Line, as_text
from settings.existing import OF_CLUSTER, SECTIONS
from settings.fields.secret import SECRET
from settings.reading.cluster_layers import of_cluster, with_clusters_named
from settings.reading.clusters import LOCATION, PREFIX
from settings.reading.layer_keys import CLUSTERS
from settings.reading.layers import Layers
from settings.reading.load import layers_of, load_cluster
from settings.reading.scalars import plain
from settings.sections.stack import StackSettings

DEFAULT = "default"
"""Where a key was said that nobody said."""
_BARE = re.compile(r"[A-Za-z0-9/_][-A-Za-z0-9/_.@+]*")
_NOT_EVERYWHERE_TEXT = {"yes", "no", "on", "off", "y", "n"}


def effective(path: Path, further: str = "", columns: int | None = None) -> str:
    """Return the effective file of the stack file at a path: a stack file itself, with a comment behind each value.

    That of a `further` cluster is what a stack of its own would say.

    What nobody said, and holds by default, is a comment as a whole. With `columns` a value that is longer goes on below.
    Raises SettingsError with every problem of the file. An encrypted value reads as `[secret]`.
    """
    name = name_of(path.name.removeprefix("Pulumi.").removesuffix(".yaml"), further)
    settings, layers = load_cluster(path.parent, name), layers_of(path)
    seen = of_cluster(layers, further, settings.places) if further else layers
    lines: list[Line] = []
    if not (existing := settings.cluster.existing):
        lines += [Line(f"  {LOCATION}: {settings.location}", said=True, place=layers.place(LOCATION) or "")]
    for name, field in StackSettings.model_fields.items():
        key, value = field.alias or name, _plain(settings.said(name))
        if existing and key == "cluster":
            value = {one: said for one, said in value.items() if one in OF_CLUSTER}
        if name != "location" and value is not None and (key in SECTIONS or not existing):
            lines += _lines(f"secure-aks:{key}", value, key, seen, indent=2)
    if settings.further:
        named, said = with_clusters_named(layers)
        lines += _lines(f"{PREFIX}{CLUSTERS}", _plain(said), CLUSTERS, named, indent=2)
    return as_text([Line("config:", said=True), *lines], columns)


def _plain(value: Any) -> Any:
    """Return a value of the settings as YAML has it, under the names of the stack file."""
    if isinstance(value, BaseModel):
        known = {
            field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()
        }
        known |= value.model_extra or {}
        return {name: _plain(item) for name, item in known.items() if item is not None}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, SecretStr):
        return SECRET
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _lines(key: str, value: Any, path: str, layers: Layers, indent: int) -> list[Line]:
    head = f"{' ' * indent}{key}:"
    if (short := layers.written(path)) and isinstance(value, (dict, list)) and _is_short(short):
        value = short  # such as a level instead of a mapping that holds one
    if isinstance(value, dict) and value:
        inner = _members(cast("dict[str, Any]", value), path, layers, indent + 2)
        if any(line.said for line in inner):
            return [Line(head, said=True), *inner]
        place = layers.place(path)  # such as `daily: {}`, of which every key is a default
        return [Line(f"{head} {{}}", said=True, place=place) if place else Line(head, said=False), *inner]
    if isinstance(value, list) and any(isinstance(item, dict) for item in cast("list[Any]", value)):
        lines: list[Line] = []
        for index, item in enumerate(cast("list[dict[str, Any]]", value)):
            first, *rest = _members(item, f"{path}[{index}]", layers, indent + 4)
            lines += [replace(first, text=f"{' ' * (indent + 2)}- {first.text.lstrip()}"), *rest]
        return [Line(head, any(line.said for line in lines)), *lines]
    place = layers.place(path)
    return [Line(f"{head} {_scalar(value)}", place is not None, place or DEFAULT)]


def _is_short(written: Any) -> bool:
    items = cast("list[Any]", written) if isinstance(written, list) else [written]
    return not any(isinstance(item, (dict, list)) for item in items)


def _members(value: dict[str, Any], path: str, layers: Layers, indent: int) -> list[Line]:
    """Return the lines of a mapping, what nobody said last: it must not begin an item of a list."""
    parts = [_lines(_scalar(name), item, f"{path}.{name}", layers, indent) for name, item in value.items()]
    return [line for part in sorted(parts, key=lambda part: not part[0].said) for line in part]


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(item) for item in cast("list[Any]", value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return "{}" if value == {} else str(value)
    if _BARE.fullmatch(value) and value == plain(value) and value.lower() not in _NOT_EVERYWHERE_TEXT:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
