"""Tests that are named elsewhere: whether there are such."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TESTS = Path(__file__).parent


def missing(names: Iterable[str]) -> list[str]:
    """Those of the names, each "file::test" below this folder, that are no test."""
    return [name for name in names if name.partition("::")[2] not in _tests_of(name.partition("::")[0])]


@cache
def _tests_of(file: str) -> frozenset[str]:
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return frozenset(node.name for node in tree if isinstance(node, ast.FunctionDef))
