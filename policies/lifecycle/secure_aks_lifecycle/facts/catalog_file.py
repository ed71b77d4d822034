"""Writing the version catalog, always in the same layout, so that a refresh shows as a small difference."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.whole_file import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_HEAD = """\
# The version catalog of AKS: data read off its published pages, never code.
# `python -m secure_aks_lifecycle refresh --location <region>` compares it with what Azure offers; `--write` writes it.
# A month stands for its first day under `ga` and for its last day under `endOfLife` and `ltsUntil`.
# `since` is the date of the release notes that announced the patch; patches nobody announced are not listed.
"""
_OS_HEAD = """
# One row for each OS version behind an OS SKU: `Ubuntu` and `AzureLinux` change theirs with the Kubernetes minor.
# A retirement date is the last day of support; a versioned SKU also ends with its last minor.
"""
_QUOTED = {"minor", "firstMinor", "lastMinor"}  # else YAML would read a minor as a number


def render(data: Mapping[str, Any]) -> str:
    """Return the catalog's text."""
    head = [f"{key}: {data[key]}" for key in ("schema", "source", "date")]
    lines = [*head, "minors:"]
    for minor in data["minors"]:
        lines += _block(minor)
    images = [f"  - {_flow(image)}" for image in data["osImages"]]
    return _HEAD + "\n".join(lines) + "\n" + _OS_HEAD + "\n".join(["osImages:", *images]) + "\n"


def write(path: Path, data: Mapping[str, Any]) -> None:
    """Write the catalog atomically: a reader sees the old file or the new one. Raises OSError."""
    replace(path, render(data))


def _block(minor: Mapping[str, Any]) -> Iterator[str]:
    mark = "- "
    for key, value in minor.items():
        if key == "patches":
            yield "    patches:"
            yield from (f"      - {_flow(patch)}" for patch in value)
        else:
            yield f"  {mark}{key}: {_scalar(key, value)}"
        mark = "  "


def _flow(item: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in item.items()) + "}"


def _scalar(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return f'"{value}"' if key in _QUOTED else str(value)
