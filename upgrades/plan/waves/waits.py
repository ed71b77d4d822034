"""The days that stand between two steps of a target, so that what it runs proves itself for the stacks that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Waits:
    """Counts the days of a plan. `days` is what a follower asks for, `left` what is left of it for the versions that run now, by target."""

    days: int
    left: Mapping[str, int]
    waited: int = 0
    moved: dict[str, int] = field(default_factory=dict[str, int])

    def days_before(self, target: str) -> int:
        """Return the days before the next step, of this target, and count them and the step."""
        if not self.days:
            return 0
        since = self.moved.get(target)
        left = self.left.get(target, 0) if since is None else self.days + since
        wait = max(left - self.waited, 0)
        self.waited += wait
        self.moved[target] = self.waited
        return wait
