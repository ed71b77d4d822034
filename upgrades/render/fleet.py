"""The waves of a plan as an update strategy of Azure Kubernetes Fleet Manager.

Source: Azure Kubernetes Fleet Manager, "Create update strategies" (API 2024-05-02-preview): stages go one after another, the groups of
a stage in parallel, `afterStageWaitInSeconds` is a wait after a stage; names are lower-case letters, digits and hyphens, at
most 50. A group is the update group of fleet members; each stack is one, by its name.
"""

from __future__ import annotations

from itertools import pairwise
from textwrap import indent
from typing import TYPE_CHECKING, Any

import yaml
from secure_aks_lifecycle import ending

from settings.sections.fleet import FLEET_NAME
from upgrades.plan.waves.order import in_waves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from upgrades.model.steps import Plan
    from upgrades.plan.waves.values import Schedule

SECONDS_A_DAY = 24 * 60 * 60


def as_fleet(plans: Sequence[Plan], schedule: Schedule, concurrency: int) -> dict[str, Any]:
    """Return the strategy: a stage for each wave, in parts of at most `concurrency` stacks, with the soak of the next wave after it.

    Plans with blockers are no part of it: Fleet Manager would begin them. A further cluster of a stack has a group of its own,
    `<stack>-<cluster>`. Raises ValueError for a stack whose name cannot be that of a group.
    """
    going = {id(plan) for plan in plans if not plan.blockers}
    waves = in_waves(slot for slot in schedule.slots if id(slot.plan) in going)
    waits = {now: _soak([slot.plan for slot in waves[later]]) for now, later in pairwise(waves)}
    stages: list[dict[str, Any]] = []
    for wave, slots in waves.items():
        stacks = list(dict.fromkeys(slot.plan.cluster.stack for slot in slots))
        parts = _parts(stacks, concurrency)
        for number, part in enumerate(parts, start=1):
            name = f"wave-{wave}" if len(parts) == 1 else f"wave-{wave}-{number}"
            last = number == len(parts)
            stages.append(
                {
                    "name": name,
                    "groups": [{"name": _group(stack)} for stack in sorted(part)],
                    "afterStageWaitInSeconds": waits.get(wave, 0) if last else 0,
                }
            )
    return {"stages": stages}


def as_settings(strategy: Mapping[str, Any]) -> str:
    """Return a strategy as the section `secure-aks:fleet` of the stack file of the stack that makes the fleet has it."""
    stages = [
        {
            "name": stage["name"],
            "groups": [group["name"] for group in stage["groups"]],
            "waitMinutes": stage["afterStageWaitInSeconds"] // 60,
        }
        for stage in strategy["stages"]
    ]
    text: str = yaml.safe_dump({"stages": stages}, sort_keys=False, default_flow_style=None, width=120)
    return f"secure-aks:fleet:\n{indent(text.rstrip(), '  ')}"


def _soak(plans: Sequence[Plan]) -> int:
    """Return the seconds for which a version has to prove itself before these plans take it."""
    return max(plan.cluster.soak_days for plan in plans) * SECONDS_A_DAY


def _group(stack: str) -> str:
    group = stack.replace("/", "-")
    if FLEET_NAME.fullmatch(group):
        return group
    raise ValueError(
        f"stack {stack}: Fleet Manager takes no group of this name (lower-case letters, digits and hyphens, at most 50); "
        f"leave it out with --stack, or rename it: {ending.there('pulumi')} stack rename"
    )


def _parts(stacks: Sequence[str], size: int) -> Sequence[tuple[str, ...]]:
    return [tuple(stacks[at : at + size]) for at in range(0, len(stacks), size)]
