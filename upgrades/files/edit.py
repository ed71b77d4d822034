"""The one-line edit of a stack file: a version changes, every other character stays.

What is written is read back and compared with what was meant before it takes the file's place. A file in which that cannot
be sure (a version behind an alias or with an anchor that others share, in a block scalar) is refused, with the line and
what to write.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from settings.cluster_names import further_of

from .sure import compare, refuse_what_is_shared
from .whole import replace_file
from .yaml_nodes import EditError, composed, read_nodes, version_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from secure_aks_lifecycle.versions.version import Version

    from upgrades.model.steps import Step


def with_step(path: Path, step: Step) -> str:
    """Return the file's text with the step's one line changed; for a full-cluster upgrade all lines, save those that say it already.

    Raises EditError when the file is not YAML, has no such line, names another version than the step starts from, or cannot be
    edited without touching something else.
    """
    return before_and_with_step(path, step)[1]


def before_and_with_step(path: Path, step: Step) -> tuple[str, str]:
    """Return the file's text and what `with_step` makes of it, from one reading: the file may be replaced at any time. Raises EditError."""
    before, _ = read_nodes(path)
    text = before
    for part in step.parts:
        if not (step.whole and _says(path, text, part)):
            text = _with(path, text, part)
    return before, text


def _with(path: Path, text: str, step: Step) -> str:
    root = composed(path.name, text)
    node = version_node(path, root, step.target, further_of(step.stack))
    if node.value != str(step.before):
        raise EditError(
            f"{path.name}: line {node.start_mark.line + 1}: {step.target} is at {node.value}, "
            f"and the step starts from {step.before}; make the plan again"
        )
    refuse_what_is_shared(path, root, node, step.target, text)
    start, end = node.start_mark.index, node.end_mark.index
    written = _like(text[start:end], step.after)
    edited = text[:start] + written + _comment(text[end:], step)
    compare(path, root, edited, step)
    return edited


def refusals(path: Path, steps: Iterable[Step]) -> list[str]:
    """Say what of a plan cannot be edited safely, before its first step; each target once.

    A target whose line names another version than the plan starts from is not among them: the step itself says so.
    """
    found: dict[str, None] = {}
    for step in steps:
        try:
            text, root = read_nodes(path)
            node = version_node(path, root, step.target, further_of(step.stack))
            refuse_what_is_shared(path, root, node, step.target, text)
        except EditError as error:
            found[str(error)] = None
    return list(found)


def line_of(path: Path, target: str, further: str = "") -> int:
    """Return the number of the line that names a target's version, counted from 1. Raises EditError."""
    _, root = read_nodes(path)
    return version_node(path, root, target, further).start_mark.line + 1


def says(path: Path, step: Step) -> bool:
    """Tell whether the file names the step's end already."""
    try:
        text, _ = read_nodes(path)
        return all(_says(path, text, part) for part in step.parts)
    except EditError:
        return False


def _says(path: Path, text: str, step: Step) -> bool:
    node = version_node(path, composed(path.name, text), step.target, further_of(step.stack))
    return node.value == str(step.after)


def make(path: Path, step: Step) -> None:
    """Write the step's line or lines, at once or not at all; nothing is written when it stands there already. Raises EditError."""
    if not says(path, step):
        replace_file(path, with_step(path, step))


def lines(path: Path, step: Step) -> dict[str, str]:
    """Return the lines that a step is about to change, by target, for `take_back`; none of those that say it already, or cannot be read."""
    found: dict[str, str] = {}
    for part in step.parts:
        with suppress(EditError):
            text, _ = read_nodes(path)
            if not _says(path, text, part):
                first, end = _line(path, text, part)
                found[part.target] = text[first:end]
    return found


def take_back(path: Path, step: Step, before: Mapping[str, str] | None = None) -> None:
    """Put the line or lines back as they were before the step; nothing is written when they are as before.

    `before` are those lines, where they were kept: the same edit comes of several (a version with escapes, a comment about the new one).
    """
    if not says(path, step):
        return
    text, _ = read_nodes(path)
    for part in step.parts:
        text = _put_back(path, text, part, (before or {}).get(part.target))
    replace_file(path, text)


def _put_back(path: Path, text: str, step: Step, line: str | None) -> str:
    """Return the text before a step's edit: with the line that was kept, where that edit of it makes this text, else worked out."""
    back = _with(path, text, _turned(step))
    if line is not None:
        first, end = _line(path, back, step)
        kept = back[:first] + line + back[end:]
        with suppress(EditError):
            if _with(path, kept, step) == text:
                return kept
    return back


def _line(path: Path, text: str, step: Step) -> tuple[int, int]:
    """Return where the line of a step's version begins and ends in a text."""
    place = version_node(
        path, composed(path.name, text), step.target, further_of(step.stack)
    ).start_mark.index
    end = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, len(text) if end < 0 else end


def _turned(step: Step) -> Step:
    """Return the step the other way round: the edit that takes it back."""
    return replace(step, before=step.after, after=step.before)


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
