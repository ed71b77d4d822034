"""Which stacks go before which, and how much waits behind each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from settings.cluster_names import further_of, stack_of
from upgrades.windows.placing import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upgrades.model.steps import Plan

    from .values import Slot


def by_stack(plans: Iterable[Plan]) -> dict[str, list[Plan]]:
    """Group plans by their stack; the clusters of one that has several are one group."""
    stacks: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        stacks[stack_of(plan.cluster.stack)].append(plan)
    return stacks


def takes_turns(plans: Iterable[Plan]) -> bool:
    """Tell whether the clusters of a stack go one after another: they share a stack file, whose `up` is one for all of them."""
    return any(further_of(plan.cluster.stack) for plan in plans)


def leader_of(stacks: dict[str, list[Plan]], name: str) -> str | None:
    """Return the stack that this one follows, when it is part of the rollout."""
    follows = stacks[name][0].cluster.follows
    return follows if follows in stacks else None


def soak_of(stacks: dict[str, list[Plan]], name: str) -> int:
    """Return the minutes that a stack waits after the one it follows."""
    return max(plan.cluster.soak_days for plan in stacks[name]) * DAY


def span(plan: Plan) -> int:
    """Return the minutes from a plan's first step to its end, the days between its legs included."""
    return work_of(plan) + sum(step.wait_days for step in plan.steps[1:]) * DAY


def work_of(plan: Plan) -> int:
    """Return the minutes that a plan's steps take one after another."""
    return sum(step.duration.expected for step in plan.steps)


def waves(stacks: dict[str, list[Plan]]) -> dict[str, int]:
    """Return the wave of each stack, counted from 1. Raises ValueError when stacks follow one another in a circle."""
    found: dict[str, int] = {}
    for name in stacks:
        chain = [name]
        while chain[-1] not in found and (leader := leader_of(stacks, chain[-1])) is not None:
            if leader in chain:
                circle = " follows ".join([*chain[chain.index(leader) :], leader])
                raise ValueError(
                    f"{circle}: no stack could go first; end the circle in one stack's promotion.follows"
                )
            chain.append(leader)
        known = found.get(chain[-1], 1)
        for place, member in enumerate(reversed(chain)):
            found[member] = known + place
    return found


def longest_way(stacks: dict[str, list[Plan]], numbers: dict[str, int], concurrency: int) -> dict[str, int]:
    """Return for each stack the fewest minutes from its start to the end of everything that waits for it."""
    after: dict[str, int] = defaultdict(int)
    longest: dict[str, int] = {}
    for name in sorted(stacks, key=lambda stack: -numbers[stack]):
        work = sum(map(work_of, stacks[name]))
        places = 1 if takes_turns(stacks[name]) else concurrency
        longest[name] = max(*map(span, stacks[name]), -(-work // places)) + after[name]
        leader = leader_of(stacks, name)
        if leader is not None:
            after[leader] = max(after[leader], soak_of(stacks, name) + longest[name])
    return longest


def in_waves(slots: Iterable[Slot]) -> dict[int, list[Slot]]:
    """Group slots by wave, waves in order."""
    waves: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        waves[slot.wave].append(slot)
    return dict(sorted(waves.items()))
