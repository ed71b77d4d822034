"""How planning grows with the fleet, and how close a rollout's makespan comes to what no order can beat."""

from __future__ import annotations

import random
import time
from datetime import date

from secure_aks_lifecycle.catalog import Catalog
from secure_aks_lifecycle.version import Version

from upgrades.fleet import Cluster, Plan, Pool
from upgrades.plan import plan
from upgrades.waves import lower_bound, schedule

ON = date(2026, 8, 1)
FROM, TO = Version.parse("1.34.9"), Version.parse("1.36.2")
STACKS = ("dev", "staging", "prod")


def fleet(clusters: int, seed: int = 1) -> list[Cluster]:
    """Return clusters of ten pools each in three stacks that follow one another, sizes drawn from a fixed seed."""
    draw = random.Random(seed)  # noqa: S311  # sizes, no secrets
    made: list[Cluster] = []
    for number in range(clusters):
        stack = number % len(STACKS)
        pools = tuple(
            Pool(
                f"p{index}",
                FROM,
                mode="User" if index else "System",
                nodes=draw.randint(3, 40),
                surge=draw.randint(1, 5),
                soak_minutes=draw.choice((0, 5)),
                cores=8,
            )
            for index in range(10)
        )
        follows = STACKS[stack - 1] if stack else None
        made.append(
            Cluster(f"c{number}", STACKS[stack], FROM, pools, follows=follows, soak_days=1 if stack else 0)
        )
    return made


def growth() -> None:
    """Print how long planning and scheduling take for 1, 100 and 10,000 clusters."""
    catalog = Catalog.load()
    for count in (1, 100, 10_000):
        clusters = fleet(count)
        begin = time.perf_counter()
        plans = [plan(cluster, TO, catalog, ON) for cluster in clusters]
        timeline = schedule(plans, concurrency=max(count // 20, 1))
        took = time.perf_counter() - begin
        print(
            f"{count:6} clusters of 10 pools: {took:7.3f} s, {took / count * 1000:6.3f} ms each, "
            f"{sum(len(item.steps) for item in plans)} steps, makespan {timeline.makespan} min"
        )


def makespan() -> None:
    """Print the makespan of a fleet beside its lower bound, one cluster after another, and stages in file order."""
    catalog = Catalog.load()
    plans = [plan(cluster, TO, catalog, ON) for cluster in fleet(120)]
    for concurrency in (4, 10, 20):
        ours, bound = schedule(plans, concurrency).makespan, lower_bound(plans, concurrency)
        print(
            f"{concurrency:3} at once: {ours:7} min, lower bound {bound:7} ({ours / bound - 1:.1%} above), "
            f"stages in order {_stages(plans, concurrency):7}, one after another {schedule(plans, 1).makespan:8}"
        )


def _stages(plans: list[Plan], concurrency: int) -> int:
    """Return the makespan of stages whose clusters run in groups: a group starts when the one before has ended."""
    total = 0
    for number, stack in enumerate(STACKS):
        mine = [item for item in plans if item.cluster.stack == stack]
        groups = [mine[place : place + concurrency] for place in range(0, len(mine), concurrency)]
        total += sum(max(item.duration.expected for item in group) for group in groups)
        total += mine[0].cluster.soak_days * 24 * 60 if number else 0
    return total


def run() -> None:
    """Run both."""
    growth()
    makespan()
