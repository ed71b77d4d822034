"""Whether an edit of a stack file is sure to change one version and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from settings.cluster_names import further_of

from .yaml_nodes import EditError, composed, is_kind, version_node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from upgrades.model.steps import Step


def refuse_what_is_shared(path: Path, root: Any, node: Any, target: str, text: str) -> None:
    """Refuse a version that stands for others too, or that is written over several lines or with escapes."""
    line = f"{path.name}: line {node.start_mark.line + 1}: the version of {target}"
    if node.style in {"|", ">"}:
        raise EditError(f"{line} is a block scalar; write it on the line of its key, as x.y.z")
    if "\n" in text[node.start_mark.index : node.end_mark.index]:
        raise EditError(f"{line} goes over several lines; write it on one, as x.y.z")
    if "\\" in text[node.start_mark.index : node.end_mark.index]:
        raise EditError(f"{line} is written with escapes (\\); write it as it is, x.y.z")
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
        if id(here) in above or is_kind(here, "scalar"):
            continue
        inner = above | {id(here)}
        if is_kind(here, "mapping"):
            stack.extend((part, inner) for pair in here.value for part in pair)
        elif is_kind(here, "sequence"):
            stack.extend((part, inner) for part in here.value)
    return count


def compare(path: Path, before: Any, edited: str, step: Step) -> None:
    """Read what is about to be written, and refuse it when more or less than the one version differs."""
    after = composed(path.name, edited)
    wanted = [(place, value) for place, value in _leaves(before)]
    found = [(place, value) for place, value in _leaves(after)]
    differ = [(old, new) for old, new in zip(wanted, found, strict=False) if old != new]
    one = len(wanted) == len(found) and len(differ) == 1 and differ[0][0][0] == differ[0][1][0]
    node = version_node(path, after, step.target, further_of(step.stack))
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
        if is_kind(node, "mapping"):
            yield (*place, "{}", anchor), ("", "")
            for number, (key, value) in enumerate(node.value):
                stack.append(((*place, number, "key"), key, inner))
                stack.append(((*place, number, "value"), value, inner))
        elif is_kind(node, "sequence"):
            yield (*place, "[]", anchor), ("", "")
            stack.extend(((*place, number), item, inner) for number, item in enumerate(node.value))
        else:
            yield (*place, anchor), (str(node.tag or ""), node.value)
