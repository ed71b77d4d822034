"""What is found wrong with the inputs of a resource."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckFailure:
    """One input that is wrong: `property` is its path ("" for the whole resource), `reason` a sentence."""

    property: str
    reason: str
