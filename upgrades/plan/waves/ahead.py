"""Plans several openings ahead: which steps each of them takes, so that together they do for everything.

What keeps an opening from being filled are its last minutes (`tails.py`): few steps fit there, and each comes only after those
before it. So it is settled first how far each plan gets in each opening, such that what has to be worked before the last
minutes is no more than the places have; then each opening is worked by latest starts (`last.py`). The first is found by simulated
annealing, with a fixed seed.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from .last import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .filling import Part
    from .tails import Chain

_LASTS = 8
"""Of the minutes that steps need beside the expected, how many different ones are tried as the last minutes of an opening."""
_MOVES = 400_000
_HOT, _COLD = 80.0, 0.4
"""How many squared minutes a place may be worked too long that it is still likely, at first and in the end."""
_SPARE = 3
"""Minutes that each place is to have left, since steps do not come out even."""
_SHORT = 1.5
"""Minutes that each place may lack at most, that it is still tried whether steps come out even."""
_PRICED = slice(1, 4)
"""Which of the last minutes are priced: those that are short everywhere."""
_PRICE = 30_000
"""What a minute that is worked before these counts in all, in squared minutes, so that no plan wastes what only it could work there."""
_STEPS = (-3, -2, -1, 1, 2, 3)
"""By how many steps a plan is cut earlier or later in one move."""


def ahead(chains: Sequence[Chain], places: int, rooms: Sequence[int], seed: int) -> list[list[list[Part]]]:
    """Return for each opening, of so many minutes, what each place works; nothing when no way was found."""
    cuts = _Cuts(chains, places, rooms).found(seed)
    shares: list[list[list[Part]]] = []
    for index, room in enumerate(rooms) if cuts else ():
        parts = [
            [(expected, longest) for expected, longest, _ in chain.steps[cut[index] : cut[index + 1]]]
            for chain, cut in zip(chains, cuts, strict=True)
        ]
        share = finish(parts, places, room)
        if not share:
            return []
        shares.append(share)
    return shares


class _Cuts:
    """How far each plan gets by the end of each opening: of its steps, those up to a cut are done by then."""

    def __init__(self, chains: Sequence[Chain], places: int, rooms: Sequence[int]) -> None:
        self.chains, self.places, self.rooms = chains, places, rooms
        rests = {longest - expected for chain in chains for expected, longest, _ in chain.steps}
        self.lasts = (0, *sorted(rests)[:_LASTS])
        tables = {(id(chain), room): self._table(chain, room) for chain in chains for room in set(rooms)}
        # By the number of openings: with more of them each has a smaller part of what counts in all.
        price = _PRICE / (len(rooms) * len(self.lasts[_PRICED]))
        prices = {
            key: {cut: price * sum(needed[_PRICED]) for cut, needed in table.items()}
            for key, table in tables.items()
        }
        self.prices = [[prices[id(chain), room] for room in rooms] for chain in chains]
        self.tables = [[tables[id(chain), room] for room in rooms] for chain in chains]

    def _table(self, chain: Chain, room: int) -> dict[tuple[int, int], list[int]]:
        """Return for each run of steps that an opening takes the minutes before each of its last that they need at least."""
        done = [0]
        for expected, _, _ in chain.steps:
            done.append(done[-1] + expected)
        found = {(cut, cut): [0] * len(self.lasts) for cut in range(len(done))}
        for until in range(1, len(done)):
            tails = [dict(chain.ways(room, last)[until]) for last in self.lasts]
            for early in tails[0]:
                found[early, until] = [done[until] - done[early] - tail[early] for tail in tails]
        return found

    def found(self, seed: int) -> list[list[int]]:
        """Return for each plan its cuts, from 0 to all steps; nothing when places would lack too many minutes."""
        at = [self._path(tables) for tables in self.tables]
        if not all(at):
            return []
        over = [[-self.places * (room - last - _SPARE) for last in self.lasts] for room in self.rooms]
        for tables, cuts in zip(self.tables, at, strict=True):
            for index, table in enumerate(tables):
                needed = table[cuts[index], cuts[index + 1]]
                over[index] = [minutes + more for minutes, more in zip(over[index], needed, strict=True)]
        most, cuts = self._annealed(at, over, random.Random(seed))  # noqa: S311  # an order, no secret
        return cuts if most <= (_SPARE + _SHORT) * self.places else []

    def _path(self, tables: Sequence[dict[tuple[int, int], list[int]]]) -> list[int]:
        """Return cuts of one plan that get as far as they can in each opening; nothing when its steps do not fit."""
        cuts = [0]
        for table in tables:
            cuts.append(max(until for early, until in table if early == cuts[-1]))
        return cuts if (cuts[-1], cuts[-1] + 1) not in tables[-1] and cuts[-1] == self._steps(tables) else []

    def _steps(self, tables: Sequence[dict[tuple[int, int], list[int]]]) -> int:
        return max(until for _, until in tables[0])

    def _annealed(
        self, at: list[list[int]], over: list[list[int]], draw: random.Random
    ) -> tuple[int, list[list[int]]]:
        """Return the best cuts that were found, and by how many minutes the places are worked too long there at most."""
        drawn, plans, inner = draw.random, len(at), len(self.rooms) - 1
        costs = [_cost(row) for row in over]
        total = sum(costs)
        best = total, max(map(max, over)), [list(cuts) for cuts in at]
        heat = _HOT * self.places**2
        cooling = (_COLD / _HOT) ** (1 / _MOVES)
        for _ in range(_MOVES):
            heat *= cooling
            one, index = int(drawn() * plans), int(drawn() * inner)
            cuts, tables = at[one], self.tables[one]
            begin, old, end = cuts[index : index + 3]
            new = old + _STEPS[int(drawn() * len(_STEPS))]
            before, after = tables[index].get((begin, new)), tables[index + 1].get((new, end))
            if before is None or after is None:
                continue
            less, more = tables[index][begin, old], tables[index + 1][old, end]
            first = [m + b - a for m, b, a in zip(over[index], before, less, strict=True)]
            then = [m + b - a for m, b, a in zip(over[index + 1], after, more, strict=True)]
            cost, following = _cost(first), _cost(then)
            grown = cost + following - costs[index] - costs[index + 1]
            here, there = self.prices[one][index : index + 2]
            change = grown + here[begin, new] + there[new, end] - here[begin, old] - there[old, end]
            if change <= 0 or drawn() < math.exp(-change / heat):
                over[index], over[index + 1], cuts[index + 1] = first, then, new
                costs[index], costs[index + 1] = cost, following
                total += grown
                if total < best[0]:
                    best = total, max(map(max, over)), [list(cuts) for cuts in at]
                    if not total:
                        break
        return best[1:]


def _cost(over: Sequence[int]) -> int:
    return sum([minutes * minutes for minutes in over if minutes > 0])
