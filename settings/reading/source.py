"""A stack file as read from disk: its values, and the line on which each stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from settings.fields.secret import SECRET
from settings.reading.problem import Problem, SettingsError

PROJECT = "secure-aks"
"""The project's name, which is the namespace of its configuration keys."""


@dataclass(frozen=True)
class Source:
    """A stack file: its name, what its `config` says by full key, and its text."""

    name: str
    config: Mapping[str, Any]
    text: str

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems in the order of the file, each with the line of its path or of what it would be in."""
        lines = _lines(self.text)
        found = [replace(problem, file=self.name, line=_line(problem.path, lines)) for problem in problems]
        return sorted(found, key=lambda problem: problem.line or 0)


def read(path: Path) -> Source:
    """Read a stack file, or Pulumi.yaml. Raises SettingsError when it cannot be read or is not such a file."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415  # see _yaml

    try:
        text = path.read_text(encoding="utf-8")
        document: Any = _yaml().load(text)
    except OSError as error:
        problem = Problem(path.name, f"it cannot be read: {error.strerror}", "name a stack whose file exists")
    except UnicodeDecodeError:
        problem = Problem(path.name, "it is not UTF-8 text", "save it as UTF-8")
    except MarkedYAMLError as marked:
        error: Any = marked
        why = f"it is not YAML: {error.problem or error.context}"
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = Problem(path.name, why, "mend the line", path.name, line)
    except (YAMLError, ValueError) as error:
        problem = Problem(path.name, f"it is not YAML: {error}", "mend the file")
    else:
        root = (
            cast("dict[Any, Any]", document or {})
            if isinstance(document or {}, dict)
            else {"config": document}
        )
        config: Any = root.get("config") or {}
        if isinstance(config, dict):
            items = cast("dict[Any, Any]", config).items()
            return Source(path.name, {_full(key): _revealed(value) for key, value in items}, text)
        problem = Problem(path.name, "it holds no mapping `config`", "write `config:` and the keys below it")
    raise SettingsError(path.name, [problem])


def _yaml() -> Any:
    # Slow to import, and a running program reads no file unless there is a problem to place in it.
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML(typ="safe", pure=True)


def _full(key: Any) -> str:
    # A key without a namespace has the project's.
    return str(key) if ":" in str(key) else f"{PROJECT}:{key}"


def _revealed(value: Any) -> Any:
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value)
        if set(items) == {"secure"} and isinstance(items["secure"], str):
            return SECRET
        return {str(key): _revealed(item) for key, item in items.items()}
    if isinstance(value, list):
        return [_revealed(item) for item in cast("list[Any]", value)]
    return value


def _line(path: str, lines: Mapping[str, int]) -> int | None:
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _lines(text: str) -> dict[str, int]:
    """Return the line of every path (`secure-aks:pools[2].version`) of a text that is known to be YAML."""
    lines: dict[str, int] = {}
    for key, section in _pairs(_yaml().compose(text)):
        if key.value == "config":
            for name, value in _pairs(section):
                lines[_full(name.value)] = name.start_mark.line + 1
                _collect(value, _full(name.value), lines)
    return lines


def _collect(node: Any, path: str, lines: dict[str, int]) -> None:
    for key, value in _pairs(node):
        lines[f"{path}.{key.value}"] = key.start_mark.line + 1
        _collect(value, f"{path}.{key.value}", lines)
    if node.id == "sequence":
        for index, value in enumerate(node.value):
            lines[f"{path}[{index}]"] = value.start_mark.line + 1
            _collect(value, f"{path}[{index}]", lines)


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return node.value if node and node.id == "mapping" else []
