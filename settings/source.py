"""A stack file as read from disk: its values, and the line on which each stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from settings.problem import Problem, SettingsError

SECRET = "[secret]"  # noqa: S105  # what stands for an encrypted value, not a secret
"""What an encrypted value reads as without the stack's key."""


@dataclass(frozen=True)
class Source:
    """The `config` of a stack file, and the line of each path in it (`secure-aks:pools[2].version`)."""

    name: str
    config: Mapping[str, Any]
    lines: Mapping[str, int]

    def locate(self, problem: Problem) -> Problem:
        """Return the problem with the file and the line of its path, or of the nearest parent that is written."""
        path = problem.path
        while path and path not in self.lines:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return replace(problem, file=self.name, line=self.lines.get(path))


def read(path: Path) -> Source:
    """Read a stack file.

    Raises SettingsError when it cannot be read or is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        text = path.read_text(encoding="utf-8")
        document: Any = yaml.load(text)
        root = YAML(typ="safe", pure=True).compose(text)
    except OSError as error:
        remedy = "name a stack whose Pulumi.<stack>.yaml exists"
        raise SettingsError(path.name, [Problem(path.name, f"it cannot be read ({error.strerror})", remedy)]) from None
    except UnicodeDecodeError:
        raise SettingsError(path.name, [Problem(path.name, "it is not UTF-8 text", "save it as UTF-8")]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        why = f"it is not YAML: {error.problem or error.context}"
        raise SettingsError(path.name, [Problem(path.name, why, "mend the line", path.name, line)]) from None
    except YAMLError as error:
        raise SettingsError(path.name, [Problem(path.name, f"it is not YAML: {error}", "mend the file")]) from None
    config: Any = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict):
        problem = Problem("config", "the file has no mapping `config`", "write `config:` and the keys below it")
        raise SettingsError(path.name, [replace(problem, file=path.name)])
    lines: dict[str, int] = {}
    if isinstance(root, MappingNode):
        for key, value in root.value:
            if key.value == "config":
                _collect(value, "", lines)
    return Source(path.name, _revealed(config), lines)


def _collect(node: Node, path: str, lines: dict[str, int]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                child = f"{path}.{key.value}" if path else str(key.value)
                lines[child] = key.start_mark.line + 1
                _collect(value, child, lines)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            lines[f"{path}[{index}]"] = value.start_mark.line + 1
            _collect(value, f"{path}[{index}]", lines)


def _revealed(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return SECRET
        return {str(key): _revealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_revealed(item) for item in value]
    return value
