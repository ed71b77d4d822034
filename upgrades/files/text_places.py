"""Where a node of a stack file ends in its text."""

from __future__ import annotations

from typing import Any

from .yaml_nodes import is_kind


def is_here(node: Any, item: Any) -> bool:
    """Tell whether a node stands inside an item, and is not only named there."""
    return item.start_mark.index < node.start_mark.index < item.end_mark.index


def last(node: Any) -> int:
    """Return where the last character of a node is over; what is written elsewhere and only named here does not count."""
    if is_kind(node, "scalar") or getattr(node, "flow_style", False):
        return node.end_mark.index
    inner: Any = node.value
    parts: list[Any] = [part for pair in inner for part in pair] if is_kind(node, "mapping") else list(inner)
    return max((last(part) for part in parts if is_here(part, node) or part.start_mark.index == node.start_mark.index),
               default=node.end_mark.index)  # fmt: skip


def end_of_line(text: str, index: int) -> int:
    """Return where the next line begins; a block scalar ends there already."""
    if index and text[index - 1] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1
