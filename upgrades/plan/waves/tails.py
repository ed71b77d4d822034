"""How much can be worked at the ends of openings, at most: what keeps a rollout from filling them.

A step begins early enough for its longest, so it is over some minutes before its opening closes, and the last minutes are left
to steps that need little beside the expected. There are few of these, and a cluster comes to them only after all steps before
them. So whatever the order, the work of a stack is at most what its places work until some minutes before each opening closes,
and what each cluster alone could work in those last minutes if it cut its way into openings as suits it best.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from upgrades.windows.placing import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from upgrades.model.steps import Plan, Step

_LAST = 5
"""Of the minutes that steps need beside the expected, how many different ones are tried as the last minutes of an opening."""
_NEVER = -(2**62)


class Tails:
    """Tells what some plans can have done by the end of some openings at most. Minutes of `rooms` are those of the openings in turn."""

    def __init__(self, plans: Sequence[Plan], places: int) -> None:
        """Take the plans of clusters that share their openings, and how many of them may be under way at once."""
        self.places = places
        self._chains = [
            chain_of(plan.steps, plan.cluster.follower_days * DAY) for plan in plans if plan.steps
        ]
        self._work = sum(plan.duration.expected for plan in plans)
        rests = {s.duration.longest - s.duration.expected for plan in plans for s in plan.steps}
        self._lasts = sorted(rests)[:_LAST]

    def does(self, rooms: Sequence[int]) -> bool:
        """Tell whether openings may do for everything; False is certain."""
        return self._most(rooms, whole=True) >= self._work

    def most(self, rooms: Sequence[int]) -> int:
        """Return the minutes of work that no order beats in these openings."""
        return min(self._work, self._most(rooms, whole=False))

    def _most(self, rooms: Sequence[int], *, whole: bool) -> int:
        """Return the most for the worst choice of last minutes: some in the first openings, others in those after them."""
        pairs = list(product(self._lasts, repeat=2))
        found = dict.fromkeys(((pair, cut) for pair in pairs for cut in range(len(rooms) + 1)), 0)
        for chain in self._chains:
            before = {last: chain.forwards(rooms, last) for last in self._lasts}
            after = {last: chain.backwards(rooms, last, whole=whole) for last in self._lasts}
            for first, then in pairs:
                for cut, (done, left) in enumerate(zip(before[first], after[then], strict=True)):
                    found[(first, then), cut] += max(map(int.__add__, done, left))
        spent = {last: [max(room - last, 0) * self.places for room in rooms] for last in self._lasts}
        return min(
            (
                tail + sum(spent[first][:cut]) + sum(spent[then][cut:])
                for ((first, then), cut), tail in found.items()
            ),
            default=self._work,
        )


def chain_of(steps: Sequence[Step], apart: int, soak: int = 0) -> Chain:
    """Return the chain of a plan's steps, with `soak` minutes after each but the last."""
    last = len(steps) - 1
    return Chain(
        [
            (step.duration.expected + (soak if index < last else 0), step.duration.longest, step.target)
            for index, step in enumerate(steps)
        ],
        apart,
    )


class Chain:
    """The steps of one plan, (expected, longest, target), each after the one before it.

    What a target got has to prove itself for `apart` minutes before the target's next step.
    """

    def __init__(self, steps: Sequence[tuple[int, int, str]], apart: int) -> None:
        self.steps, self.apart = steps, apart
        self._known: dict[tuple[int, int], list[list[tuple[int, int]]]] = {}

    def forwards(self, rooms: Sequence[int], last: int) -> list[list[int]]:
        """Return for no opening, the first, the first two and so on, the most in last minutes by the number of steps done."""
        now = [0] + [_NEVER] * len(self.steps)
        found = [now]
        for room in rooms:
            ways = self.ways(room, last)
            now = [
                max([now[until], *(now[early] + tail for early, tail in ways[until])])
                for until in range(len(now))
            ]
            found.append(now)
        return found

    def backwards(self, rooms: Sequence[int], last: int, *, whole: bool) -> list[list[int]]:
        """Return for all openings, all but the first and so on, the most in last minutes from the number of steps done before.

        `whole`: all steps are to be done in them.
        """
        now = [_NEVER if whole else 0] * len(self.steps) + [0]
        found = [now]
        for room in reversed(rooms):
            best = list(now)
            for until, ways in enumerate(self.ways(room, last)):
                for early, tail in ways:
                    best[early] = max(best[early], now[until] + tail)
            now = best
            found.append(now)
        return found[::-1]

    def ways(self, room: int, last: int) -> list[list[tuple[int, int]]]:
        """Return for each number of steps how many may be done before the opening, with the minutes worked in its last ones.

        All steps as late as each other and the end of the opening allow: none leaves more for the last minutes.
        """
        key = room, last
        if key not in self._known:
            self._known[key] = [self._ending(until, room, last) for until in range(len(self.steps) + 1)]
        return self._known[key]

    def _ending(self, until: int, room: int, last: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        targets: set[str] = set()
        begin, tail = room, 0
        for early in range(until - 1, -1, -1):
            expected, longest, target = self.steps[early]
            begin = min(room - longest, begin - expected)
            if begin < 0 or (target in targets and room <= self.apart):
                break
            targets.add(target)
            tail += max(min(expected, begin + expected - (room - last)), 0)
            found.append((early, tail))
        return found
