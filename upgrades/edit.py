"""The one-line edit of a stack file: a version changes, every other character stays.

What is written is read back and compared with what was meant before it takes the file's place. A file in which that cannot
be sure (a version behind an alias or with an anchor that others share, in a block scalar) is refused, with the line and
what to write.
"""

from __future__ import annotations

import os
import re
import stat
import warnings
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

from .fleet import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from secure_aks_lifecycle.version import Version

    from .fleet import Step

CONFIG, CLUSTER, SYSTEM, POOLS = "config", "secure-aks:cluster", "secure-aks:systemPool", "secure-aks:pools"


class EditError(Exception):
    """A stack file that cannot be edited; the message names the file, the place, and what to do."""


def with_step(path: Path, step: Step) -> str:
    """Return the file's text with the step's one line changed.

    Raises EditError when the file is not YAML, has no such line, names another version than the step starts from, or cannot be
    edited without touching something else.
    """
    text, root = _read(path)
    node = _version_node(path, root, step.target)
    if node.value != str(step.before):
        raise EditError(
            f"{path.name}: line {node.start_mark.line + 1}: {step.target} is at {node.value}, "
            f"and the step starts from {step.before}; make the plan again"
        )
    _refuse_what_is_shared(path, root, node, step.target, text)
    start, end = node.start_mark.index, node.end_mark.index
    written = _like(text[start:end], step.after)
    edited = text[:start] + written + _comment(text[end:], step)
    _compare(path, root, edited, step)
    return edited


def refusals(path: Path, steps: Iterable[Step]) -> list[str]:
    """Say what of a plan cannot be edited safely, before its first step; each target once.

    A target whose line names another version than the plan starts from is not among them: the step itself says so.
    """
    found: dict[str, None] = {}
    for step in steps:
        try:
            text, root = _read(path)
            node = _version_node(path, root, step.target)
            _refuse_what_is_shared(path, root, node, step.target, text)
        except EditError as error:
            found[str(error)] = None
    return list(found)


def line_of(path: Path, target: str) -> int:
    """Return the number of the line that names a target's version, counted from 1. Raises EditError."""
    _, root = _read(path)
    return _version_node(path, root, target).start_mark.line + 1


def says(path: Path, step: Step) -> bool:
    """Tell whether the file names the step's end already."""
    try:
        _, root = _read(path)
        return _version_node(path, root, step.target).value == str(step.after)
    except EditError:
        return False


def make(path: Path, step: Step) -> None:
    """Write the step's line, at once or not at all; nothing is written when it stands there already. Raises EditError."""
    if not says(path, step):
        _replace(path, with_step(path, step))


def take_back(path: Path, step: Step) -> None:
    """Put the line back as it was before the step; nothing is written when it is as before."""
    if says(path, step):
        _replace(path, with_step(path, _turned(step)))


def _read(path: Path) -> tuple[str, Any]:
    """Return a stack file's text, its line ends as they are, and its root node."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise EditError(f"{path.name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise EditError(f"{path.name}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    return text, _composed(path.name, text)


def _composed(name: str, text: str) -> Any:
    try:
        reader: Any = YAML()  # its compose() carries no types
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # allowed, and each alias means the nearest
            return reader.compose(text)
    except (YAMLError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" line {place.line + 1}:" if place else ""
        raise EditError(f"{name}:{line} is not YAML; mend it first") from None


def _turned(step: Step) -> Step:
    """Return the step the other way round: the edit that takes it back."""
    return replace(step, before=step.after, after=step.before)


def _replace(path: Path, text: str) -> None:
    """Put text in the place of the file that a path leads to; a symlink stays one."""
    real = path.resolve()
    aside = (
        path.parent / ".upgrades" / f"{path.name}.new"
    )  # a folder that git ignores: a kill may leave it there
    try:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        if (
            real.parent.stat().st_dev != aside.parent.stat().st_dev
        ):  # a file moves in one piece on one disk only
            aside = real.parent / f".{real.name}.new"
        _write(aside, text.encode("utf-8"), real.stat().st_mode)
        aside.replace(real)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise EditError(f"{path.name}: cannot be written: {error.strerror}; it is as it was") from None


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file and wait until it is on disk; nobody reads it before it has its mode. Raises OSError."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fchmod(file, stat.S_IMODE(mode))
        os.fsync(file)
    finally:
        os.close(file)


def _like(old: str, version: Version) -> str:
    """Keep the quotes that the line has, and an anchor or tag before them."""
    found = re.fullmatch(r"(?P<lead>(?:[&!]\S*\s+)*)(?P<quote>[\"']?)[^\"']*(?P=quote)", old)
    lead, quote = (found["lead"], found["quote"]) if found else ("", "")
    return f"{lead}{quote}{version}{quote}"


def _comment(rest: str, step: Step) -> str:
    """Let a comment at the end of the line speak of the new version where it spoke of the old one in full.

    One that speaks of both stays: it tells a story, and taking the edit back has to find it as it was.
    """
    line, end, after = rest.partition("\n")
    before, mark, comment = line.partition("#")
    if not mark or before.strip(" \t,]}") or _of(step.after).search(comment):
        return rest
    return before + mark + _of(step.before).sub(str(step.after), comment) + end + after


def _of(version: Version) -> re.Pattern[str]:
    """Match a version, and no longer number that it is a part of."""
    return re.compile(rf"(?<![\d.]){re.escape(str(version))}(?!\.?\d)")


def _refuse_what_is_shared(path: Path, root: Any, node: Any, target: str, text: str) -> None:
    """Refuse a version that stands for others too, or that is written over several lines."""
    line = f"{path.name}: line {node.start_mark.line + 1}: the version of {target}"
    if node.style in {"|", ">"}:
        raise EditError(f"{line} is a block scalar; write it on the line of its key, as x.y.z")
    if "\n" in text[node.start_mark.index : node.end_mark.index]:
        raise EditError(f"{line} goes over several lines; write it on one, as x.y.z")
    others = _places(root, node)
    if others > 1:
        raise EditError(
            f"{line} is shared with {others - 1} other place{'s' if others > 2 else ''} by an anchor (&) and its alias (*), "  # noqa: PLR2004  # one or several
            "so that its edit would move those too; write each version out"
        )


def _places(root: Any, node: Any) -> int:
    """Count the places at which a node stands: aliases lead to the same one, and so do those of what holds it."""
    count = 0
    stack: list[tuple[Any, frozenset[int]]] = [(root, frozenset())]
    while stack:
        here, above = stack.pop()
        if here is node:
            count += 1
        if id(here) in above or _is(here, "scalar"):
            continue
        inner = above | {id(here)}
        if _is(here, "mapping"):
            stack.extend((part, inner) for pair in here.value for part in pair)
        elif _is(here, "sequence"):
            stack.extend((part, inner) for part in here.value)
    return count


def _compare(path: Path, before: Any, edited: str, step: Step) -> None:
    """Read what is about to be written, and refuse it when more or less than the one version differs."""
    after = _composed(path.name, edited)
    wanted = [(place, value) for place, value in _leaves(before)]
    found = [(place, value) for place, value in _leaves(after)]
    differ = [(old, new) for old, new in zip(wanted, found, strict=False) if old != new]
    one = len(wanted) == len(found) and len(differ) == 1 and differ[0][0][0] == differ[0][1][0]
    node = _version_node(path, after, step.target)
    if not one or node.value != str(step.after):
        raise EditError(
            f"{path.name}: line {node.start_mark.line + 1}: the version of {step.target} cannot be changed without changing "
            "more; write it on a line of its own, as x.y.z"
        )


def _leaves(root: Any) -> Iterable[tuple[tuple[Any, ...], tuple[str, str]]]:
    """Yield every scalar with the way to it and its tag; two documents are the same when these are."""
    stack: list[tuple[tuple[Any, ...], Any, frozenset[int]]] = [((), root, frozenset())]
    while stack:
        place, node, above = stack.pop()
        if node is None or id(node) in above:
            continue
        inner = above | {id(node)}
        anchor = node.anchor or ""
        if _is(node, "mapping"):
            yield (*place, "{}", anchor), ("", "")
            for number, (key, value) in enumerate(node.value):
                stack.append(((*place, number, "key"), key, inner))
                stack.append(((*place, number, "value"), value, inner))
        elif _is(node, "sequence"):
            yield (*place, "[]", anchor), ("", "")
            stack.extend(((*place, number), item, inner) for number, item in enumerate(node.value))
        else:
            yield (*place, anchor), (str(node.tag or ""), node.value)


def _version_node(path: Path, root: Any, target: str) -> Any:
    config = _get(root, CONFIG)
    if target == CONTROL_PLANE:
        return _scalar(path, _get(_get(config, CLUSTER), "kubernetesVersion"), f"{CLUSTER}.kubernetesVersion")
    pools = _get(config, POOLS)
    items: list[Any] = [_get(config, SYSTEM), *(pools.value if _is(pools, "sequence") else ())]
    for item in items:
        name = _get(item, "name")
        if _is(name, "scalar") and name.value == target:
            return _scalar(path, _get(item, "version"), f"the version of pool {target}")
    raise EditError(f"{path.name}: has no pool '{target}'; check the name, or make the plan again")


def _scalar(path: Path, node: Any, what: str) -> Any:
    if _is(node, "scalar"):
        return node
    raise EditError(f"{path.name}: does not say {what}; write it in full, as x.y.z")


def _get(node: Any, key: str) -> Any:
    """Return the value node of a key, one that a merge (<<) brings included; None when there is no such key."""
    items: list[tuple[Any, Any]] = node.value if _is(node, "mapping") else []
    found = next((value for name, value in items if name.value == key), None)
    if found is not None:
        return found
    for name, value in items:
        if name.value == "<<":
            merged = value.value if _is(value, "sequence") else [value]
            found = next((inner for one in merged if (inner := _get(one, key)) is not None), None)
            if found is not None:
                return found
    return None


def _is(node: Any, kind: str) -> bool:
    """Tell a node's kind; ruamel's nodes carry no types, only this name."""
    return node is not None and node.id == kind
