"""Edits of a stack file's list of pools: one beside another, one without nodes, one away; every other character stays.

What is written is read back and has to be the old values with exactly that change; what cannot be sure of that is refused,
with the line and what to write.
"""

from __future__ import annotations

import copy
import io
import json
import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from upgrades.model.moves import Kind

from .own_lines import SUBNET, wanted_lines, with_lines
from .text_places import end_of_line, is_here, last
from .whole import replace_file
from .yaml_nodes import CONFIG, POOLS, EditError, is_kind, not_yaml, read_nodes, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from upgrades.model.moves import Move

PLAIN = re.compile(r"[A-Za-z][\w./-]*|\d+\.\d+\.\d+")
"""Texts that need no quotes in any YAML; of those that look like a word, not these."""
WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
NOT_COPIED = (SUBNET,)
"""What is one pool's alone: its pinned range."""


def with_move(path: Path, move: Move) -> str:
    """Return the file's text with the step of a replacement. Raises EditError when it cannot be edited safely."""
    text, root = read_nodes(path)
    listed = value_of(value_of(root, CONFIG), POOLS)
    item = _item(path, root, move.old)
    values = _values(path, text)
    wanted = copy.deepcopy(values)
    pools: list[dict[str, Any]] = wanted[CONFIG][POOLS]
    place = next(number for number, pool in enumerate(pools) if pool.get("name") == move.old)
    if move.kind is Kind.EMPTY:
        edited = _emptied(path, text, item)
        pools[place].pop("autoscaling", None)
        pools[place]["count"] = 0
    elif listed.flow_style:
        raise EditError(
            f"{path.name}: line {listed.start_mark.line + 1}: {POOLS} is written in brackets; write each pool "
            "on lines of its own, with `- ` before it"
        )
    elif move.kind is Kind.ADD:
        entry = new_entry(pools[place], move)
        edited = _inserted(text, listed, item, entry)
        pools.insert(place + 1, entry)
    else:
        edited = _removed(text, item)
        del pools[place]
    edited = with_lines(path, edited, move)
    wanted_lines(wanted, move)
    _compare(path, item, edited, wanted, move)
    return edited


def new_entry(old: dict[str, Any], move: Move) -> dict[str, Any]:
    """Return the new pool's values: the old one's, but for its name, what is one pool's alone, and what the replacement is for.

    A value of None takes a key away.
    """
    kept = {key: value for key, value in old.items() if key not in NOT_COPIED}
    said = {key: value for key, value in move.values.items() if not (move.further and key in NOT_COPIED)}
    entry = {**kept, "name": move.new, **said}
    return {key: value for key, value in entry.items() if value is not None}


def entry_of(path: Path, pool: str) -> dict[str, Any]:
    """Return what the stack file says of a pool of its list. Raises EditError when it has none of that name."""
    text, root = read_nodes(path)
    _item(path, root, pool)
    found: list[dict[str, Any]] = _values(path, text)[CONFIG][POOLS]
    return next(one for one in found if one.get("name") == pool)


def says_move(path: Path, move: Move) -> bool:
    """Tell whether the file is as the step leaves it already."""
    text, _ = read_nodes(path)
    config: Any = _values(path, text).get(CONFIG)
    pools: Any = config.get(POOLS) if config else None
    named: dict[str, Any] = {str(pool.get("name")): pool for pool in pools or ()}
    if move.kind is Kind.ADD:
        return move.new in named
    if move.kind is Kind.EMPTY:
        return move.old in named and bool(named[move.old].get("count") == 0)
    return move.old not in named


def make_move(path: Path, move: Move) -> None:
    """Write the step, at once or not at all; nothing is written when it stands there already. Raises EditError."""
    if not says_move(path, move):
        replace_file(path, with_move(path, move))


def _item(path: Path, root: Any, pool: str) -> Any:
    listed = value_of(value_of(root, CONFIG), POOLS)
    for item in listed.value if is_kind(listed, "sequence") else ():
        name = value_of(item, "name")
        if is_kind(name, "scalar") and name.value == pool:
            return item
    raise EditError(f"{path.name}: {POOLS} has no pool '{pool}'; check the name, or make the plan again")


def _values(path: Path, text: str) -> dict[str, Any]:
    reader: Any = YAML(typ="safe", pure=True)  # carries no types
    try:
        return reader.load(io.StringIO(text))
    except (YAMLError, ValueError) as error:
        raise not_yaml(path.name, text, error) from None


def _inserted(text: str, listed: Any, item: Any, entry: dict[str, Any]) -> str:
    end, dash = end_of_line(text, last(item)), " " * listed.start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = "" if text[:end].endswith("\n") else newline
    lines = [f"{key}: {_written(value)}" for key, value in entry.items()]
    return text[:end] + lead + dash + "- " + f"{newline}{dash}  ".join(lines) + newline + text[end:]


def _removed(text: str, item: Any) -> str:
    start = text.rindex("-", 0, item.start_mark.index)
    return text[: text.rfind("\n", 0, start) + 1] + text[end_of_line(text, last(item)) :]


def _emptied(path: Path, text: str, item: Any) -> str:
    for key, value in item.value:
        if key.value in {"autoscaling", "count"}:
            end = max(last(value), key.end_mark.index) if is_here(value, item) else -1
            if end > key.start_mark.index:
                return text[: key.start_mark.index] + "count: 0" + text[end:]
    raise EditError(
        f"{path.name}: line {item.start_mark.line + 1}: neither `count` nor `autoscaling` of this pool stands in it (it comes by "
        "a merge, an alias, or the defaults of all pools); write it out there"
    )


def _written(value: Any) -> str:
    """Write a value on one line, so that every YAML reads the same."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(key)}: {_written(inner)}" for key, inner in value.items()) + "}"  # pyright: ignore[reportUnknownVariableType]  # YAML
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(inner) for inner in value) + "]"  # pyright: ignore[reportUnknownVariableType]  # YAML
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _compare(path: Path, item: Any, edited: str, wanted: dict[str, Any], move: Move) -> None:
    try:
        same = _values(path, edited) == wanted
    except EditError:
        same = False
    if not same:
        raise EditError(
            f"{path.name}: line {item.start_mark.line + 1}: pool {move.old} shares an anchor (&) or a layout with others, so that "
            f"the step `{move.kind}` would change more than it; write its keys out, each on a line of its own"
        )
