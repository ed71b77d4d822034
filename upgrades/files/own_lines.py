"""What a further cluster of a stack says of its pools by name (`poolVersions`, `poolSubnets`): a line more, a line less.

A pool that comes with a replacement has the version of the one whose place it takes, so its line is that one's with another name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from upgrades.model.moves import Kind

from .text_places import end_of_line, last
from .yaml_nodes import CLUSTERS, CONFIG, EditError, composed, is_kind, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from upgrades.model.moves import Move

VERSIONS, SUBNETS, SUBNET = "poolVersions", "poolSubnets", "subnet"


def with_lines(path: Path, text: str, move: Move) -> str:
    """Return a text with the step of a replacement in the lines of the move's own cluster; none for the first one. Raises EditError."""
    if not move.further or move.kind not in {Kind.ADD, Kind.REMOVE}:
        return text
    if move.kind is Kind.REMOVE:
        return _without(path, _without(path, text, move, SUBNETS), move, VERSIONS)
    versions = _said(path, text, move, VERSIONS)
    pair = _pair(versions, move.old)
    if pair is None:
        where = f"{CLUSTERS}.{move.further}.{VERSIONS}"
        raise EditError(f"{path.name}: {where} does not say {move.old}; write it there")
    version = text[pair[1].start_mark.index : pair[1].end_mark.index]
    edited = _after(text, versions, pair, f"{move.new}: {version}")
    return _with_range(path, edited, move) if SUBNET in move.values else edited


def wanted_lines(values: dict[str, Any], move: Move) -> None:
    """Make the same change in the values that the text is to have."""
    if not move.further or move.kind not in {Kind.ADD, Kind.REMOVE}:
        return
    said: dict[str, Any] = values[CONFIG][CLUSTERS][move.further]
    if move.kind is Kind.REMOVE:
        for section in (VERSIONS, SUBNETS):
            said.get(section, {}).pop(move.old, None)
        return
    said[VERSIONS][move.new] = said[VERSIONS][move.old]
    if SUBNET in move.values:
        said.setdefault(SUBNETS, {})[move.new] = move.values[SUBNET]


def _with_range(path: Path, text: str, move: Move) -> str:
    line = f"{move.new}: {json.dumps(move.values[SUBNET])}"
    subnets = _said(path, text, move, SUBNETS)
    if is_kind(subnets, "mapping") and subnets.value:
        return _after(text, subnets, subnets.value[-1], line)
    said = _said(path, text, move)
    return _after(text, said, _pair(said, VERSIONS), f"{SUBNETS}: {{{line}}}")


def _said(path: Path, text: str, move: Move, section: str = "") -> Any:
    said = value_of(value_of(value_of(composed(path.name, text), CONFIG), CLUSTERS), move.further)
    return value_of(said, section) if section else said


def _pair(node: Any, key: str) -> Any:
    pairs: list[Any] = node.value if is_kind(node, "mapping") else []
    return next((pair for pair in pairs if pair[0].value == key), None)


def _after(text: str, node: Any, pair: Any, line: str) -> str:
    """Return the text with a pair after another one of the same mapping."""
    key, value = pair
    if node.flow_style:
        end = value.end_mark.index
        return f"{text[:end]}, {line}{text[end:]}"
    end = end_of_line(text, last(value))
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = "" if text[:end].endswith("\n") else newline
    return f"{text[:end]}{lead}{' ' * key.start_mark.column}{line}{newline}{text[end:]}"


def _without(path: Path, text: str, move: Move, section: str) -> str:
    """Return the text without the old pool's pair; where it has none, as it is."""
    node = _said(path, text, move, section)
    pair = _pair(node, move.old)
    if pair is None:
        return text
    start, end = pair[0].start_mark.index, pair[1].end_mark.index
    if not node.flow_style:
        return text[: text.rfind("\n", 0, start) + 1] + text[end_of_line(text, last(pair[1])) :]
    place = node.value.index(pair)
    if place + 1 < len(node.value):
        end = node.value[place + 1][0].start_mark.index
    elif place:
        start = node.value[place - 1][1].end_mark.index
    return text[:start] + text[end:]
