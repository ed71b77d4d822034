"""The first number of nodes of an autoscaled pool: Azure wants one at creation, and must never be sent it again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, time
from enum import Enum
from hashlib import sha256
from ipaddress import IPv4Network
from typing import Any, cast

import pulumi
from pulumi._types import is_input_type

from ..args.pools import PoolArgs
from .earlier import earlier_outputs

SENT = "sent"
"""Output of a component under which it keeps what was sent last, as a digest."""
_SAID_AS_TEXT = (date, time, IPv4Network)


@dataclass(frozen=True)
class FirstCount:
    """Whether a pool's `count` goes along, which only `ignore_changes` may then carry, and what to keep for the next run."""

    goes_along: bool
    sent: str

    def added(self, pool: PoolArgs) -> dict[str, Any]:
        """Return the pool's first number of nodes as an argument; none where none goes along."""
        return {"count": pool.autoscaling.min} if pool.autoscaling and self.goes_along else {}

    def ignored(self, path: str) -> list[str] | None:
        """Return `ignore_changes` for the path of a pool's `count`.

        At creation the engine sends what is ignored; later it puts in its place what the state has, or nothing.
        """
        return [path] if self.goes_along else None


def first_count(
    made: tuple[str, str],
    name: str,
    pool: PoolArgs,
    said: object,
    opts: pulumi.ResourceOptions | None = None,
) -> FirstCount:
    """Decide from all that is said about what carries the pool.

    `made` are the type tokens of its component and of itself, `opts` the component's.
    While nothing else changes, the count stays in the state as it was made, or as a refresh found it, and no request goes
    out. With the first change the count is dropped, so that the request that carries the change leaves the autoscaler's
    number alone. What is known only after an `up` (an id of something replaced outside) is not compared: a change of
    that alone sends the count that the state has.
    """
    component, itself = made
    sent, within = _digest(said), opts.parent if opts else None
    is_made = bool(earlier_outputs(itself, name, within))
    last = [one.get(SENT) for one in earlier_outputs(component, name, within)]
    return FirstCount(goes_along=pool.autoscaling is not None and (not is_made or sent in last), sent=sent)


def _digest(said: object) -> str:
    return sha256(json.dumps(_plain(said), sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: object) -> Any:
    """Return a value as JSON has it; what is known only later, and what has no words of its own, as no more than that."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in cast("list[Any]", value)]
    if isinstance(value, Enum):
        return _plain(value.value)
    if is_dataclass(value) or is_input_type(type(value)):
        return _plain(vars(value))
    return str(value) if isinstance(value, _SAID_AS_TEXT) else "later"
