"""The one-line edit of a stack file: a version changes, every other character stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .fleet import CONTROL_PLANE

if TYPE_CHECKING:
    from pathlib import Path

    from secure_aks_lifecycle.version import Version

    from .fleet import Step

CONFIG, CLUSTER, SYSTEM, POOLS = "config", "secure-aks:cluster", "secure-aks:systemPool", "secure-aks:pools"


class EditError(Exception):
    """A stack file that cannot be edited; the message names the file, the place, and what to do."""


def with_step(path: Path, step: Step) -> str:
    """Return the file's text with the step's one line changed.

    Raises EditError when the file is not YAML, has no such line, or names another version than the step starts from.
    """
    text, root = _read(path)
    node = _version_node(path, root, step.target)
    if node.value != str(step.before):
        raise EditError(
            f"{path.name}: line {node.start_mark.line + 1}: {step.target} is at {node.value}, "
            f"and the step starts from {step.before}; make the plan again"
        )
    start, end = node.start_mark.index, node.end_mark.index
    return text[:start] + _like(text[start:end], step.after) + text[end:]


def line_of(path: Path, target: str) -> int:
    """Return the number of the line that names a target's version, counted from 1. Raises EditError."""
    _, root = _read(path)
    return _version_node(path, root, target).start_mark.line + 1


def says(path: Path, step: Step) -> bool:
    """Tell whether the file names the step's end already."""
    try:
        with_step(path, _turned(step))
    except EditError:
        return False
    return True


def make(path: Path, step: Step) -> None:
    """Write the step's line, at once or not at all; nothing is written when it stands there already. Raises EditError."""
    if not says(path, step):
        _replace(path, with_step(path, step))


def take_back(path: Path, step: Step) -> None:
    """Put the line back as it was before the step; nothing is written when it is as before."""
    if says(path, step):
        _replace(path, with_step(path, _turned(step)))


def _read(path: Path) -> tuple[str, Any]:
    """Return a stack file's text and its root node."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EditError(f"{path.name}: cannot be read: {error.strerror}") from None
    try:
        reader: Any = YAML()  # its compose() carries no types
        return text, reader.compose(text)
    except YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" line {place.line + 1}:" if place else ""
        raise EditError(f"{path.name}:{line} is not YAML; mend it first") from None


def _turned(step: Step) -> Step:
    """Return the step the other way round: the edit that takes it back."""
    return replace(step, before=step.after, after=step.before)


def _replace(path: Path, text: str) -> None:
    aside = (
        path.parent / ".upgrades" / f"{path.name}.new"
    )  # a folder that git ignores: a kill may leave it there
    aside.parent.mkdir(exist_ok=True)
    aside.write_text(text, encoding="utf-8")
    aside.chmod(path.stat().st_mode)
    aside.replace(path)


def _like(old: str, version: Version) -> str:
    """Keep the quotes that the line has."""
    quote = old[0] if old[:1] in {'"', "'"} else ""
    return f"{quote}{version}{quote}"


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
    """Return the value node of a key; None when the node is no mapping or has no such key."""
    items: list[tuple[Any, Any]] = node.value if _is(node, "mapping") else []
    return next((value for name, value in items if name.value == key), None)


def _is(node: Any, kind: str) -> bool:
    """Tell a node's kind; ruamel's nodes carry no types, only this name."""
    return node is not None and node.id == kind
