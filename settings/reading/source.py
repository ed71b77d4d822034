"""A stack file as read from disk: its values, and the line on which each stands. The one reader of stack files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from settings.reading.fault import Fault, UnreadableError
from settings.reading.nodes import Node, compose
from settings.reading.problem import Problem, SettingsError
from settings.reading.scalars import plain
from settings.reading.text import read_text
from settings.reading.values import Values

PROJECT = "secure-aks"
"""The project's name, which is the namespace of its configuration keys."""


@dataclass(frozen=True)
class Source:
    """A stack file: its name, what its `config` says by full key, the line of each path, and where it is encrypted."""

    name: str
    config: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    secrets: frozenset[str] = frozenset()

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems in the order of the file, each with the line of its path or of what it would be in."""
        found = [
            problem if problem.line else replace(problem, file=self.name, line=self.line(problem.path))
            for problem in problems
        ]
        return sorted(found, key=lambda problem: problem.line or 0)

    def line(self, path: str) -> int | None:
        """Return the line of a path, or of the innermost thing around it that the file has."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)


def read(path: Path) -> Source:
    """Read a stack file, or Pulumi.yaml. Raises SettingsError when it cannot be read or is not such a file."""
    try:
        return parse(read_text(path), path.name)
    except UnreadableError as error:
        raise SettingsError(path.name, [_problem(fault, path.name) for fault in error.faults]) from None


def parse(text: str, name: str) -> Source:
    """Read the text of a stack file called `name`. Raises SettingsError when it is no such text."""
    values = Values()
    try:
        tree = compose(text)
        faults = list(tree.faults)
        config = _config(tree.root, values, faults)
    except UnreadableError as error:
        faults, config = list(error.faults), {}
    faults += values.faults
    if faults:
        problems = [_problem(fault, name) for fault in dict.fromkeys(faults)]
        raise SettingsError(name, sorted(problems, key=lambda problem: problem.line or 0))
    return Source(name, config, values.lines, frozenset(values.secrets))


def document(path: Path) -> Any:
    """Return what a YAML file that is no stack file holds, by the same reader; None for an empty one. Raises SettingsError."""
    values, found = Values(), None
    try:
        tree = compose(read_text(path))
        found = values.of(tree.root, "") if tree.root else None
        faults = [*tree.faults, *values.faults]
    except UnreadableError as error:
        faults = list(error.faults)
    if faults:
        problems = [_problem(fault, path.name) for fault in dict.fromkeys(faults)]
        raise SettingsError(path.name, sorted(problems, key=lambda problem: problem.line or 0))
    return found


def _config(root: Node | None, values: Values, faults: list[Fault]) -> dict[str, Any]:
    if root is None or (root.kind == "word" and not _filled(root)):
        return {}
    section = None
    if root.kind == "mapping":
        found = {key: node for key, _, node in values.entries(root)}
        section = found.get("config", Node("word", root.line, plain=True))
    if section is None or section.kind == "list" or (section.kind == "word" and _filled(section)):
        why = "it holds no mapping `config`"
        faults.append(Fault(why, "write `config:` and the keys below it", (section or root).line))
        return {}
    config: dict[str, Any] = {}
    for key, name, node in values.entries(section):
        full = _full(key)
        if full.count(":") > 1 or not all(full.split(":")):
            why = f"{key!r} is not a key of the configuration"
            faults.append(Fault(why, "write <namespace>:<name>, such as secure-aks:cluster", name.line))
        elif full in config:
            why = f"{key!r} is written twice, first on line {values.lines[full]}"
            faults.append(Fault(why, "remove one of the two", name.line))
        else:
            values.lines[full] = name.line
            config[full] = values.of(node, full)
    return config


def _filled(word: Node) -> bool:
    return not word.plain or plain(word.text) is not None


def _full(key: str) -> str:
    # A key without a namespace has the project's.
    return key if ":" in key else f"{PROJECT}:{key}"


def _problem(fault: Fault, name: str) -> Problem:
    return Problem(name, fault.why, fault.remedy, name if fault.line else None, fault.line)
