"""What fills best the minutes that are left of an opening: whole steps, each begun early enough for its longest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Stretch(NamedTuple):
    """The first few of a plan's next steps, worked one after another: minutes they take, and when they may begin at the latest."""

    minutes: int
    latest: int


class Part(NamedTuple):
    """What a place works of one plan: which of those that wait, how many of its steps, and from which minute at the earliest."""

    waiting: int
    steps: int
    begin: int = 0


def fill(waiting: Sequence[Sequence[Stretch]]) -> list[Part]:
    """Return what one place works, in order, so that it works as many minutes as it can.

    `waiting` has for each plan its stretches of one step, two steps and so on. Minutes count from now; `latest` is the last at
    which a stretch may begin so that its steps are over in time even when they take their longest. Of ways that fill alike,
    plans that stand first go first.
    """
    # Bit n of `reached` is set when n minutes can be worked; `log` says by what each was reached first.
    reached, log = 1, list[tuple[Part, int, int]]()
    for place, stretches in enumerate(waiting):
        before = reached
        for steps, (minutes, latest) in enumerate(stretches, start=1):
            if latest < 0:
                break
            found = (before & ((1 << latest + 1) - 1)) << minutes & ~reached
            if found:
                reached |= found
                log.append((Part(place, steps), minutes, found))
    left = reached.bit_length() - 1
    taken: list[Part] = []
    for part, minutes, found in reversed(log):
        if left and found >> left & 1:
            taken.append(part)
            left -= minutes
    return taken[::-1]
