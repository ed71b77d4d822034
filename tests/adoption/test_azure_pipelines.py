"""Azure Pipelines' files against the schema that its editor extension publishes, as check-jsonschema carries it."""

from __future__ import annotations

import copy
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.adoption.workflows import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = [ROOT / "azure-pipelines.yml", *sorted((EXAMPLES / "azure").glob("*.yml"))]
FREE = {"env", "matrix", "parameters"}
"""Mappings whose keys are names of ours."""


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "azure-pipelines.json"
    published = json.loads(vendored.read_text(encoding="utf-8"))
    [_, pool] = published["definitions"]["pool"]["anyOf"]
    pool["additionalProperties"] = False  # published as open, though nothing else is told of a pool
    return Draft7Validator(published)


def read(path: Path) -> Any:
    """Read a file as the schema sees it: everything is text, but for the switches of a task."""
    return _switched(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506 - makes texts alone


def _switched(value: Any, *, task: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _switched(one, task=task or key == "inputs") for key, one in value.items()}
    if isinstance(value, list):
        return [_switched(one) for one in value]
    return {"true": True, "false": False}.get(value, value) if task else value


def places(value: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Every key that the schema knows, by its path."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(key, str):
            yield (*path, key)
        if isinstance(one, dict | list) and key not in FREE:
            yield from places(one, *path, key)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_what_azure_pipelines_takes(path: Path, schema: Draft7Validator) -> None:
    assert [_deepest(error) for error in schema.iter_errors(read(path))] == []


def _deepest(error: Any) -> str:
    inner = [error]
    while any(one.context for one in inner):
        inner = [below for one in inner for below in one.context or [one]]
    deepest = max(inner, key=lambda one: len(one.absolute_path))
    return f"{'.'.join(map(str, deepest.absolute_path))}: {deepest.message}"


@pytest.mark.parametrize("path", FILES[:1], ids=lambda path: path.name)
def test_a_misspelt_key_is_none(path: Path, schema: Draft7Validator) -> None:
    whole = read(path)
    passed = [where for where in places(whole) if schema.is_valid(_misspelt(whole, where))]
    assert passed == []


def _misspelt(whole: Any, where: tuple[str | int, ...]) -> Any:
    found = copy.deepcopy(whole)
    *above, key = where
    inner = found
    for part in above:
        inner = inner[part]
    inner[f"{key}x"] = inner.pop(key)
    return found
