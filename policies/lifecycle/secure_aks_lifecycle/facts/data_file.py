"""Reading the data files of the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


def load_yaml(path: Path, parse: Callable[[Any], T]) -> T:
    """Read a YAML file and parse it. Raises ValueError, naming the file, when that fails in any way."""
    try:
        return parse(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506  # a safe loader
    except OSError as error:
        raise ValueError(f"{path.name}: cannot be read: {error.strerror}; reinstall the pack") from None
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: has not the shape it should have ({error!r}); restore it") from None
