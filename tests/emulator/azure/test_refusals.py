"""Every row of the table of refusals refuses what it says no to, and lets through what it says yes to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.azure.errors import ArmError
from emulator.azure.refusals import ROOTS, check, is_so, rows
from emulator.azure.resource_type import Put
from emulator.azure.shapes import at
from emulator.cloud.state import State

ANYBODY = Put(State(), "/things/one", "things", {}, None, datetime.now(UTC), "tenant")
VAULT = "/x/providers/Microsoft.DataProtection/backupVaults/vault"
TAKE_EXAMPLES = {
    "one_key",
    "matches",
    "length",
    "network",
    "contains",
    "distinct",
    "exists",
    "unique",
    "most_beside",
}
"""What is asked where each service is tested: of these no value can be told from the row."""
ROWS = [
    (kind, row)
    for kind, found in rows().items()
    for row in found
    if not TAKE_EXAMPLES & row.keys()
    and not ("count" in row and not row["path"].endswith("[]"))
    and not (isinstance(row.get("needs"), dict) and "not" not in row["needs"])
]


def put(path: str, value: Any, properties: dict[str, Any]) -> None:
    """Put a value at a path, in the only item of each list on the way."""
    *parents, last = path.removesuffix("[]").split(".")
    for parent in parents:
        inside = properties.setdefault(parent.removesuffix("[]"), [{}] if parent.endswith("[]") else {})
        properties = inside[0] if isinstance(inside, list) else inside
    properties[last] = value


def surroundings(row: dict[str, Any]) -> dict[str, Any]:
    """What a row counts beside: the least that has it."""
    made: dict[str, Any] = {}
    for path, wanted in row.get("when", {}).items():
        first = wanted[0] if isinstance(wanted, list) else wanted
        if isinstance(first, dict):
            first = None if first == {"not": "*"} else VAULT if "matches" in first else "another"
        put(path, {"x": 1} if first == "*" else first, made)
    return made


def values(row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """What a row lets through, and what it refuses."""
    if isinstance(row.get("needs"), dict):
        return ["another", None], [row["needs"]["not"]]
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
    least, most = row["count"]
    return [["x"] * most], [["x"] * (most + 1), *([["x"] * (least - 1)] if least else [])]


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=lambda v: v["path"] if isinstance(v, dict) else v)
def test_a_row_refuses_what_it_says(kind: str, row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.azure.refusals.rows", lambda: {kind: [row]})
    good, bad = values(row)
    for value in good:
        properties = surroundings(row)
        put(row["path"], value, properties)
        check(kind, properties, ANYBODY)
    for value in bad:
        properties = surroundings(row)
        put(row["path"], value, properties)
        named = row.get("parameter", ROOTS.get(kind, "") + row["path"].replace("[]", ""))
        with pytest.raises(ArmError, match=row.get("code") or f"{named} is invalid"):
            check(kind, properties, ANYBODY)
    alone: dict[str, Any] = {}
    put(row["path"], bad[0], alone)
    if not all(is_so(at(alone, path), wanted) for path, wanted in row.get("when", {}).items()):
        check(kind, alone, ANYBODY)
