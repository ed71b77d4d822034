"""What a rule says about a resource."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict that is not "pass": a violation, or (`unknown`) a value that is not known yet.

    `names` are further names an exemption may use for what is found, such as a pool's; `urn` is set by stack rules.
    """

    message: str
    unknown: bool = False
    names: tuple[str, ...] = ()
    urn: str | None = None
