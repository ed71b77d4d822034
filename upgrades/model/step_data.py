"""A step as JSON values, for the journal, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.versions.version import Version

from .clusters import Pool
from .moves import move_data, move_from
from .steps import Duration, Needs, Step

if TYPE_CHECKING:
    from collections.abc import Mapping


def step_data(step: Step) -> dict[str, Any]:
    """Return a step as JSON values."""
    return {
        "stack": step.stack,
        "cluster": step.cluster,
        "target": step.target,
        "before": str(step.before),
        "after": str(step.after),
        "reason": step.reason,
        "expected": step.duration.expected,
        "longest": step.duration.longest,
        "addresses": step.needs.addresses,
        "cores": step.needs.cores,
        "changes": list(step.changes),
        "imageBefore": step.image_before,
        "imageAfter": step.image_after,
        "move": move_data(step.move),
        "pool": step.pool and _pool_data(step.pool),
        "whole": [_pool_data(pool) for pool in step.whole],
    }


def step_from(data: Mapping[str, Any]) -> Step:
    """Read a step back from JSON values. Raises KeyError for what is missing, ValueError or TypeError for another kind."""
    numbers = {name: _whole(data[name], name) for name in ("expected", "longest", "addresses")}
    cores = None if data["cores"] is None else _whole(data["cores"], "cores")
    return Step(
        stack=_text(data["stack"], "stack"),
        cluster=_text(data["cluster"], "cluster"),
        target=_text(data["target"], "target"),
        reason=_text(data["reason"], "reason"),
        before=Version.parse(_text(data["before"], "before")),
        after=Version.parse(_text(data["after"], "after")),
        duration=Duration(numbers["expected"], numbers["longest"]),
        needs=Needs(numbers["addresses"], cores),
        pool=_pool(data.get("pool")),
        changes=tuple(_text(name, "changes") for name in data.get("changes") or ()),
        image_before=_text(data.get("imageBefore", ""), "imageBefore"),
        image_after=_text(data.get("imageAfter", ""), "imageAfter"),
        move=move_from(data.get("move")),
        whole=tuple(pool for one in data.get("whole") or () if (pool := _pool(one))),
    )


def _pool_data(pool: Pool) -> dict[str, Any]:
    return {**asdict(pool), "version": str(pool.version)}


def _pool(data: Mapping[str, Any] | None) -> Pool | None:
    """Read a pool's shape; one of a journal that is older than a field has that field's default."""
    if data is None:
        return None
    known = {field.name for field in fields(Pool)}
    given: dict[str, Any] = {name: value for name, value in data.items() if name in known}
    given["version"] = Version.parse(_text(data["version"], "pool.version"))
    pool = Pool(**given)
    for part in fields(Pool):
        value, default = getattr(pool, part.name), part.default
        if isinstance(default, (int, str)) and type(value) is not type(default):
            raise ValueError(f"pool.{part.name} is {value!r}")
    return pool


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text: {value!r}")  # noqa: TRY004  # one kind of error for bad data
    return value


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is no whole number: {value!r}")  # noqa: TRY004  # one kind of error for bad data
    return value
