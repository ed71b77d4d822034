"""Reading the data files of the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import yaml

from secure_aks_lifecycle import regular_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
_MOST_KIB = 1024
"""Most of a data file; the catalog has a hundredth of it."""


def load_yaml(path: Path, parse: Callable[[Any], T]) -> T:
    """Read a YAML file and parse it. Raises ValueError, naming the file, when that fails in any way."""
    try:
        return parse(_loaded(_text(path)))
    except OSError as error:
        raise ValueError(
            f"{path.name}: cannot be read: {error.strerror}; name a file that is there, or reinstall the pack"
        ) from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, yaml.YAMLError) as error:
        raise ValueError(
            f"{path.name}: has not the shape it should have ({_why(error)}); restore it"
        ) from None


def _text(path: Path) -> str:
    """Return the text of a file. Raises ValueError for one that is too long to be read in seconds."""
    data = regular_file.data(path, _MOST_KIB * 1024 + 1)
    if len(data) > _MOST_KIB * 1024:
        raise ValueError(f"it has more than {_MOST_KIB} KiB")
    return data.decode("utf-8")


def _loaded(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # a safe loader
    except ValueError:
        raise ValueError("a number or day in it is none") from None


def mapping(data: Any) -> dict[str, Any]:
    """Return data that is a mapping. Raises ValueError for any other."""
    if not isinstance(data, dict):
        raise ValueError("it holds no keys")  # noqa: TRY004  # told as every other shape is
    return cast("dict[str, Any]", data)


def _why(error: Exception) -> str:
    """Return what is wrong, in words of ours: a library speaks of its own objects."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark: Any = error.problem_mark or error.context_mark
        return f"line {mark.line + 1 if mark else 1} is not YAML: {error.problem or error.context}"
    if isinstance(error, UnicodeDecodeError | yaml.YAMLError):
        return "it is no text"
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return str(error) if isinstance(error, ValueError) else "a value is of another kind than it should be"
