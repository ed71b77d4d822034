"""What a fault is: something that a test lets go wrong in the emulated Azure; stored with it, so that other processes meet it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

FaultKind = Literal[
    "conflict",  # 409: an operation is in progress
    "throttled",  # 429
    "serverError",  # 500
    "unavailable",  # 503
    "timeout",  # no answer, nothing done
    "lostAnswer",  # done, but no answer
    "stuck",  # accepted, never ends until `Cloud.release`
    "fails",  # accepted, ends as Failed
    "elsewhere",  # somebody else changes `patch.id` just before
    "refusedToken",  # 401; at a login, no token at all
    "staleToken",  # a login: a token that knows of no group yet, as for minutes after somebody joined one
]
Call = Literal["put", "delete", "read", "invoke", "token", "*"]
"""`token` is a login; `*` is every call but that: what is matched there is `/<tenant>/<client id>`."""


@dataclass(frozen=True)
class Fault:
    """What is to go wrong, on which call: `match` is a pattern (`*` any text) on the ARM id, case ignored.

    The first `skip` matching calls pass, then `times` calls meet the fault. `patch` ({id, properties}) is for `elsewhere`.
    """

    kind: FaultKind
    match: str = "*"
    on: Call = "*"
    skip: int = 0
    times: int = 1
    patch: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a kind or a call that there is not: such a fault would never be met."""
        for said, known in ((self.kind, get_args(FaultKind)), (self.on, get_args(Call))):
            if said not in known:
                raise ValueError(f"{said!r} is none of {', '.join(known)}")
