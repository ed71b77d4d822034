"""Which inputs of a module have no answer: `python -m tests.asked.inputs terraform <its folder>` reads a checkout of the module.

An input is a variable of Terraform, a parameter of Bicep, or what a Bicep file itself says of its cluster; of one that is an object, each of its members.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.ending import run

from tests.asked.page import answered, peers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = {
    "avm": ["variables*.tf"],
    "terraform": ["variables*.tf"],
    "construction": ["bicep/main.bicep"],
    "baseline": ["workload-team/*-stamp.bicep", "network-team/*.bicep"],
}
"""Where each module's inputs stand, below its folder."""
_OPEN, _CLOSE = "([{", ")]}"
_TOKEN = re.compile(
    r"<<-?(\w+)\n.*?\n\s*\1\b|'''.*?'''|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\#[^\n]*|//[^\n]*|/\*.*?\*/|[\w.-]+|\n|[^\s]",
    re.DOTALL,
)
Tree = dict[str, Any]


def unanswered(module: str, folder: Path) -> tuple[int, list[str]]:
    """Return how many inputs a module in `folder` has, and those that have no answer."""
    tree: Tree = {}
    for path in sorted(found for pattern in FILES[module] for found in folder.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        _merge(tree, terraform(text) if path.suffix == ".tf" else bicep(text))
    names = [*_leaves(tree), *(name for name, members in tree.items() if members)]
    return len(names), [name for name in names if answered(module, name) is None]


def terraform(text: str) -> Tree:
    """Return the variables of a Terraform file, each with its type's members."""
    tokens, found = _tokens(text, lines=False), {}
    for place, word in enumerate(tokens):
        if word == "variable" and tokens[place + 2 : place + 3] == ["{"]:
            body = tokens[place + 3 : _end(tokens, place + 2)]
            kind = body.index("type") if "type" in body else None
            found[tokens[place + 1].strip('"')] = _type(body, kind + 2)[0] if kind is not None else {}
    return found


def bicep(text: str) -> Tree:
    """Return the parameters of a Bicep file, with the members of their defaults, and what it says of its cluster."""
    tokens, found = _tokens(text, lines=True), {}
    for place, word in enumerate(tokens):
        if word == "param":
            end = tokens.index("\n", place)
            members = _object(tokens, end - 1)[0] if tokens[end - 1] == "{" else {}
            found[tokens[place + 1]] = members
        if (
            word == "resource"
            and "ContainerService/managedClusters@" in tokens[place + 2]
            and "existing" not in tokens[place : place + 5]
        ):
            body = _object(tokens, tokens.index("{", place))[0]
            if properties := body.get("properties"):
                named = {name: {} for name in ("name", "tags", "identity")}
                found.update(properties, sku=body["sku"], **named)
    return found


def _tokens(text: str, *, lines: bool) -> list[str]:
    words = [match.group() for match in _TOKEN.finditer(text)]
    return [word for word in words if not word.startswith(("#", "//", "/*")) and (lines or word != "\n")]


def _end(tokens: Sequence[str], place: int) -> int:
    """The place of what closes the bracket at `place`."""
    depth = 0
    while True:
        depth += (tokens[place] in _OPEN) - (tokens[place] in _CLOSE)
        if depth == 0:
            return place
        place += 1


def _type(tokens: Sequence[str], place: int) -> tuple[Tree, int]:
    """The members of a Terraform type that begins at `place`, and what comes after it."""
    word = tokens[place]
    if word not in {"object", "optional", "list", "map", "set"}:
        return {}, place + 1
    end = _end(tokens, place + 1)
    if word != "object":
        return _type(tokens, place + 2)[0], end + 1
    found: Tree = {}
    place += 3
    while tokens[place] != "}":
        if tokens[place] == ",":
            place += 1
            continue
        found[tokens[place].strip('"')], place = _type(tokens, place + 2)
    return found, end + 1


def _object(tokens: Sequence[str], place: int) -> tuple[Tree, int]:
    """The members of a Bicep object or list that begins at `place`, those of a list's objects together, and what comes after it."""
    found: Tree = {}
    end, place = _end(tokens, place), place + 1
    while place < end:
        if tokens[place] in {"{", "["}:
            inner, place = _object(tokens, place)
            _merge(found, inner)
        elif tokens[place + 1] == ":" and tokens[place - 1] in {"\n", "{"}:
            name = tokens[place].strip("'")
            whole = tokens[place + 2] in {"{", "["}
            found[name], place = _object(tokens, place + 2) if whole else ({}, place + 2)
        else:
            place += 1
    return found, end + 1


def _merge(tree: Tree, more: Tree) -> None:
    for name, members in more.items():
        _merge(tree.setdefault(name, {}), members)


def _leaves(tree: Tree, above: str = "") -> Iterator[str]:
    for name, members in tree.items():
        yield from _leaves(members, f"{above}{name}.") if members else (f"{above}{name}",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the inputs without an answer; 1 where there are some, or where there are not as many inputs as `peers.yaml` says."""
    module, folder = sys.argv[1:] if arguments is None else arguments
    count, left = unanswered(module, Path(folder))
    said = peers()["modules"][module]["inputs"]
    sys.stdout.write("".join(f"{name}\n" for name in left))
    sys.stdout.write(f"{count} inputs ({said} in peers.yaml), {len(left)} without an answer\n")
    return int(bool(left) or count != said)


if __name__ == "__main__":
    run(lambda: main)
