"""What AKS refuses by one value alone, or by one value beside others: a table (refusals.yaml), with its sources."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from emulator.azure.errors import invalid
from emulator.azure.shapes import at
from emulator.properties.values import is_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.azure.resource_type import Props

TABLE = Path(__file__).with_suffix(".yaml")
ROOTS = {"cluster": "", "agentPoolProfile": "agentPoolProfile."}
"""What AKS puts before the name of a parameter, for each part of the table."""


@cache
def rows() -> Mapping[str, list[dict[str, Any]]]:
    """Return the table's rows, for clusters and for pools."""
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))["refused"]


def check(kind: str, properties: Props) -> None:
    """Refuse the first property that a row of this kind says no to; one that is not there is judged by `needs` alone."""
    for row in rows()[kind]:
        counts = all(_is(at(properties, path), wanted) for path, wanted in row.get("when", {}).items())
        why = next(_wrong(row, at(properties, row["path"])), None) if counts else None
        if why:
            raise invalid(f"{ROOTS[kind]}{row['path']}", row.get("why") or why)


def _is(value: Any, wanted: Any) -> bool:
    """Say whether a value is what a row asks for: a list of values, one, or with "*" any at all."""
    return bool(value) if wanted == "*" else value in (wanted if isinstance(wanted, list) else [wanted])


def _wrong(row: Mapping[str, Any], value: Any) -> Iterator[str]:
    items: list[Any] = value if is_list(value) else []
    if "needs" in row and not _is(value, row["needs"]):
        yield f"{value} is not {row['needs']}"
    if value is None:
        return
    least, most = row.get("between", (value, value))
    if value not in row.get("one_of", [value]):
        yield f"{value} is not one of {', '.join(row['one_of'])}"
    if "between" in row and not (isinstance(value, int) and least <= value <= most):
        yield f"{value} is not between {least} and {most}"
    if value and "multiple_of" in row and value % row["multiple_of"]:
        yield f"{value} is not a multiple of {row['multiple_of']}"
    if "most" in row and len(items) > row["most"]:
        yield f"{len(items)} are more than {row['most']}"
