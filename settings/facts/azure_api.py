"""The shape of Azure's own resources, of the API versions in use: which properties there are, and what each takes."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from settings.words import listed

FILE = Path(__file__).parent / "data" / "azure_api.json"
"""Written by `python -m components.azure_api` from the installed SDK."""

Resource = Literal["cluster", "pool", "network"]
Kind = Literal["text", "integer", "number", "boolean", "list", "map", "object", "any"]

_WORDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "any": "any value",
}


@dataclass(frozen=True)
class Shape:
    """What one value may be: of a list or map `of` is each item, of an object `type` its name among the types.

    `values` are those that this version of the API lists.
    """

    kind: Kind
    type: str = ""
    of: "Shape | None" = None
    values: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it takes, in words."""
        if self.kind in {"list", "map"} and self.of:
            what = "a list, each item" if self.kind == "list" else "a mapping, each value"
            return f"{what} {self.of.words}"
        if self.kind == "object":
            return f"a mapping with keys such as {listed(list(members(self.type))[:4])}"
        return listed(self.values) if self.values else _WORDS[self.kind]


@dataclass(frozen=True)
class Property:
    """A property under its REST name: its name in the SDK, its shape and its meaning."""

    name: str
    python: str
    shape: Shape
    meaning: str


@cache
def properties(resource: Resource) -> dict[str, Property]:
    """Return the properties of a resource by name."""
    return _properties(_data()["resources"][resource])


@cache
def members(type_: str) -> dict[str, Property]:
    """Return the properties of one of the API's types by name."""
    return _properties(_data()["types"][type_])


def version(resource: Resource) -> str:
    """Return the API version that a resource is made with."""
    return _data()["api"][resource]


def _properties(said: dict[str, Any]) -> dict[str, Property]:
    return {
        name: Property(name, entry["python"], _shape(entry), entry["meaning"]) for name, entry in said.items()
    }


def _shape(said: dict[str, Any]) -> Shape:
    of = _shape(said["of"]) if "of" in said else None
    return Shape(said["kind"], said.get("type", ""), of, tuple(said.get("values", ())))


@cache
def _data() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))
