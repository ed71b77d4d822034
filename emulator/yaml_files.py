"""Reading YAML as Pulumi's engine does: YAML 1.2 scalars ("on" and "22:00" are strings), duplicate keys refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from secure_aks_lifecycle import regular_file

from emulator.errors import ConfigError
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 512 * 1024
"""Most bytes of a file: as many as the program takes of a stack file; ten megabytes would take minutes."""

_Base: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the C loader is 20 times faster where it was built


class _Loader(_Base):
    """The safe loader with YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def construct_mapping(self, node: Any, *args: Any) -> Any:
        """Refuse a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge" and str(key.value) in seen:
                raise ConfigError(f"line {key.start_mark.line + 1}: the key {key.value!r} stands twice")
            seen.add(str(key.value))
        base: Any = super()
        return base.construct_mapping(node, *args)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def load_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose root is a mapping (an empty file is an empty one). Raises ConfigError with the place."""
    text = ""
    try:
        text = _text(path)
        loaded: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; name one that is there") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}; name a file that is yours to read"
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {_why(error, text)}") from None
    if loaded is None:
        return {}
    if not is_object(loaded):
        raise ConfigError(
            f"{path}: expected a mapping of keys to values at the top, found a {type(loaded).__name__}"
        )
    return {str(k): v for k, v in loaded.items()}


def _text(path: Path) -> str:
    if path.stat().st_size > _MOST_BYTES:
        why = f"it has more than {_MOST_BYTES // 1024} KiB, which no such file needs"
        raise ConfigError(f"{why}; take out what is no setting")
    return regular_file.text(path)


def _why(error: Exception, text: str) -> str:
    """Return what is wrong, in words of ours: a library speaks of its own objects."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return f"line {line}: it is not UTF-8 text; save it as UTF-8"
    if isinstance(error, yaml.MarkedYAMLError):
        mark: Any = error.problem_mark or error.context_mark
        return f"line {mark.line + 1 if mark else 1}: not valid YAML: {error.problem or error.context}"
    if isinstance(error, yaml.reader.ReaderError):
        line = text.encode()[: error.position].count(b"\n") + 1
        return f"line {line}: not valid YAML: it holds a character that no editor shows; delete it"
    return "not valid YAML: " + (
        "it is too deep" if isinstance(error, RecursionError) else "a number or day in it is none"
    )
