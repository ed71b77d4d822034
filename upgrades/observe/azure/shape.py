"""What ARM's JSON has to look like where it is read. All raise ValueError."""

from __future__ import annotations

from typing import Any

from secure_aks_lifecycle.versions.version import Version

Json = dict[str, Any]


def version_of(item: Json, keys: tuple[str, ...], what: str, wrong: list[str]) -> Version | None:
    """Return the version under the first of the keys that is there; adds to `wrong` when it is none."""
    text = next((str(item[key]) for key in keys if item.get(key)), "")
    try:
        return Version.parse(text)
    except ValueError as error:
        wrong.append(f"{what}: {error}" if text else f"{what}: names no version")
        return None


def mapping(value: Any) -> Json:
    """Return a mapping; an empty one for null."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType]  # JSON
    raise ValueError(f"Azure's answer cannot be read: {value!r} is no mapping")


def mappings(value: Any) -> list[Json]:
    """Return a list of mappings; an empty one for null."""
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):  # pyright: ignore[reportUnknownVariableType]  # JSON
        return value  # pyright: ignore[reportUnknownVariableType]  # JSON
    raise ValueError(f"Azure's answer cannot be read: {value!r} is no list of mappings")


def number(item: Json, key: str, default: int) -> int:
    """Return a whole number; the default where there is none."""
    value = item.get(key)
    if value is None:
        return default
    if isinstance(value, int):
        return value
    raise ValueError(f"Azure's answer cannot be read: {key} {value!r} is no number")
