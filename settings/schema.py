"""The JSON schema of a stack file, from the models, for editors: `python -m settings.schema` writes it.

An editor completes and explains by it; what is right is what the settings say, which know more than any schema.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel
from secure_aks_lifecycle.ending import run

from settings.cluster_names import NAME
from settings.docs import texts
from settings.facts.azure_api import Property, Resource, Shape, members, properties
from settings.reading import kinds
from settings.reading.clusters import POOL_SUBNETS, POOL_VERSIONS, SECTIONS
from settings.reading.explain import aliases
from settings.reading.layer_keys import CLUSTERS, DEFAULTS, EACH_POOL, LAYER_KEYS, PROFILE, Profile
from settings.sections.stack import StackSettings
from settings.whole_file import write_whole

TARGET = Path(__file__).parent / "stack.schema.json"
"""Shipped stack files name it in their first line."""
_EXTRA: dict[str, Resource] = {
    "Cluster": "cluster",
    "Pool": "pool",
    "SystemPool": "pool",
    "Network": "network",
}
_EXAMPLE = re.compile(r'such as (?:"([^"]+)"|`([^`]+)`|([^\s,;`"]+?))(?:[,;.]?(?:\s|$))')
_PLAIN = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def render() -> str:
    """Return the file's text."""
    return json.dumps(_plain_schema(schema()), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of a whole stack file."""
    made = StackSettings.model_json_schema(by_alias=True)
    types: dict[str, Any] = made.pop("$defs")
    types["Version"] = {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$", "examples": ["1.35.6"]}
    for model in _models(StackSettings):
        _complete(types[model.__name__], model)
    types |= {f"Azure{name}": _object(members(name)) for name in _azure_types()}
    sections = _sections(made["properties"], StackSettings)
    known = {f"secure-aks:{key}": value for key, value in sections.items()} | _layer_keys(sections)
    config = {
        "type": "object",
        "description": "What the stack is to be.",
        "properties": {"azure-native:location": {"type": "string", "description": "Azure region."}, **known},
        # Other programs' keys are theirs; of ours there are no others.
        "propertyNames": {"anyOf": [{"enum": list(known)}, {"not": {"pattern": "^secure-aks:"}}]},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack of Secure AKS",
        "description": "Written by `python -m settings.schema` from the models; docs/settings.md says more.",
        "type": "object",
        "required": ["config"],
        "properties": {"config": config},
        "definitions": types,
    }


def _sections(made: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    whole = {"properties": made}
    _complete(whole, model)
    return {key: value for key, value in whole["properties"].items() if key != "location"}


def _layer_keys(sections: Mapping[str, Any]) -> dict[str, Any]:
    kinds_ = {
        PROFILE: {"enum": list(get_args(Profile))},
        DEFAULTS: {"type": "object", "properties": dict(sections), "additionalProperties": False},
        EACH_POOL: {"$ref": "#/definitions/Pool"},
        CLUSTERS: _clusters(sections),
    }
    return {
        f"secure-aks:{key}": {"description": LAYER_KEYS[key], "allOf": [kind]} for key, kind in kinds_.items()
    }


def _clusters(sections: Mapping[str, Any]) -> dict[str, Any]:
    versions = {
        "type": "object",
        "description": "The version of each of `pools`, by the pool's name.",
        "additionalProperties": {"$ref": "#/definitions/Version"},
    }
    subnets = {
        "type": "object",
        "description": "The pinned range of a pool's subnet, by the pool's name; `pools[].subnet` is the first cluster's.",
        "additionalProperties": {"type": "string"},
    }
    own = {name: sections[name] for name in SECTIONS} | {POOL_VERSIONS: versions, POOL_SUBNETS: subnets}
    cluster = {"type": "object", "properties": own, "additionalProperties": False}
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME.pattern}$"},
        "additionalProperties": cluster,
    }


def _models(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[type[BaseModel]]:
    seen = set() if seen is None else seen
    for _, field in aliases(model):
        inner = kinds.of_field(field).model
        if inner and inner not in seen:
            seen.add(inner)
            yield inner
            yield from _models(inner, seen)


def _complete(made: dict[str, Any], model: type[BaseModel]) -> None:
    """Put in what pydantic does not know: meanings, examples, short forms, Azure's own properties."""
    # What is required a lower layer may say.
    made.pop("required", None)
    meanings = texts(model)
    for name, field in model.model_fields.items():
        entry: dict[str, Any] = made["properties"][field.alias or name]
        words = kinds.of_field(field).words
        entry["description"] = meanings[name]
        if any(part.get("format") == "password" for part in entry.get("anyOf", [])):
            entry["anyOf"].append({"type": "object", "required": ["secure"]})  # encrypted
        if example := next(
            (found for text in (words, meanings[name]) if (found := _EXAMPLE.search(text))), None
        ):
            entry["examples"] = [next(part for part in example.groups() if part)]
        if name == "extra" and (resource := _EXTRA.get(model.__name__)):
            made["properties"]["extra"] = _object(properties(resource)) | {"description": meanings[name]}


def _object(known: Mapping[str, Property]) -> dict[str, Any]:
    entries = {name: {"description": one.meaning, **_kind(one.shape)} for name, one in known.items()}
    return {"type": "object", "properties": entries, "additionalProperties": False}


def _kind(shape: Shape) -> dict[str, Any]:
    if shape.kind == "object":
        return {"allOf": [{"$ref": f"#/definitions/Azure{shape.type}"}]}
    if shape.kind == "list" and shape.of:
        return {"type": "array", "items": _kind(shape.of)}
    if shape.kind == "map" and shape.of:
        return {"type": "object", "additionalProperties": _kind(shape.of)}
    if shape.values:
        return {"enum": list(shape.values)}
    return {"type": _PLAIN[shape.kind]} if shape.kind in _PLAIN else {}


def _azure_types() -> list[str]:
    found: dict[str, None] = {}
    waiting = [
        one.shape for resource in ("cluster", "pool", "network") for one in properties(resource).values()
    ]
    while waiting:
        shape = waiting.pop()
        if shape.of:
            waiting.append(shape.of)
        elif shape.kind == "object" and shape.type not in found:
            found[shape.type] = None
            waiting += [one.shape for one in members(shape.type).values()]
    return sorted(found)


def _plain_schema(value: Any) -> Any:
    """Return a schema without pydantic's titles, and with the place that older editors know for definitions."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {
            key: _plain_schema(item)
            for key, item in entries.items()
            if not (
                key == "title"
                and isinstance(item, str)
                and {"type", "$ref", "anyOf", "enum", "properties"} & entries.keys()
            )
        }
    if isinstance(value, list):
        return [_plain_schema(item) for item in cast("list[Any]", value)]
    return value.replace("#/$defs/", "#/definitions/") if isinstance(value, str) else value


def main() -> None:
    """Write the schema."""
    write_whole(TARGET, render())
    sys.stdout.write(f"{TARGET.name} written\n")


if __name__ == "__main__":
    run(lambda: main)
