"""Every row of the table of refusals refuses what it says no to, and lets through what it says yes to."""

from typing import Any

import pytest

from emulator.azure.errors import ArmError
from emulator.azure.refusals import ROOTS, check, is_so, rows
from emulator.azure.shapes import at

ROWS = [
    (kind, index, row) for kind in ("cluster", "agentPoolProfile") for index, row in enumerate(rows()[kind])
]


def put(path: str, value: Any, properties: dict[str, Any]) -> None:
    *parents, last = path.removesuffix("[]").split(".")
    for parent in parents:
        properties = properties.setdefault(parent, {})
    properties[last] = value


def surroundings(row: dict[str, Any]) -> dict[str, Any]:
    """What a row counts beside: the least that has it."""
    made: dict[str, Any] = {}
    for path, wanted in row.get("when", {}).items():
        first = wanted[0] if isinstance(wanted, list) else wanted
        put(path, {"x": 1} if first == "*" else first, made)
    return made


def values(row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """What a row lets through, and what it refuses."""
    if "needs" in row:
        wanted = row["needs"] if isinstance(row["needs"], list) else [row["needs"]]
        good = [{"x": 1} if one == "*" else one for one in wanted]
        return good, [None] if None not in wanted else ["another"]
    if "one_of" in row:
        return row["one_of"], ["another"]
    if "between" in row:
        least, most = row["between"]
        step = row.get("multiple_of", most)
        return [least, most, step] if least else [most], [least - 1, most + 1, "many"]
    if "multiple_of" in row:
        return [row["multiple_of"] * 5], [row["multiple_of"] + 1]
    return [["x"] * row["count"][1]], [["x"] * (row["count"][1] + 1)]


@pytest.mark.parametrize(
    ("kind", "row"),
    [(kind, row) for kind, _, row in ROWS],
    ids=lambda v: v["path"] if isinstance(v, dict) else v,
)
def test_a_row_refuses_what_it_says(kind: str, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.azure.refusals.rows", lambda: {kind: [row]})
    good, bad = values(row)
    for value in good:
        properties = surroundings(row)
        put(row["path"], value, properties)
        check(kind, properties)
    for value in bad:
        properties = surroundings(row)
        put(row["path"], value, properties)
        with pytest.raises(
            ArmError, match=f"{ROOTS.get(kind, '')}{row['path'].removesuffix('[]')} is invalid"
        ):
            check(kind, properties)
    alone: dict[str, Any] = {}
    put(row["path"], bad[0], alone)
    if "needs" in row and not all(is_so(at(alone, path), wanted) for path, wanted in row["when"].items()):
        check(kind, alone)
