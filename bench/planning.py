"""How planning grows with the fleet, and how close a rollout's makespan comes to what no order can beat."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.version import Version

from settings.sections.maintenance import Maintenance
from upgrades.model.clusters import Cluster, Pool
from upgrades.plan.planner import plan
from upgrades.plan.waves.bound import lower_bound
from upgrades.plan.waves.schedule import schedule
from upgrades.windows.placing import DAY

if TYPE_CHECKING:
    from upgrades.model.steps import Plan

ON = date(2026, 8, 1)
BEGIN = datetime(2026, 8, 1, 12, tzinfo=UTC)
FROM, TO = Version.parse("1.34.9"), Version.parse("1.36.2")
STACKS = ("dev", "staging", "prod")
SOAK_DAYS = 1
SEEDS = (1, 2, 3, 4, 5)
AT_ONCE = (4, 8, 10, 12, 16, 20)


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
        made.append(
            Cluster(
                f"c{number}",
                STACKS[stack],
                FROM,
                pools,
                follows=STACKS[stack - 1] if stack else None,
                soak_days=SOAK_DAYS if stack else 0,
                follower_days=SOAK_DAYS if stack < len(STACKS) - 1 else 0,
            )
        )
    return made


def windowed(clusters: list[Cluster]) -> list[Cluster]:
    """Return the clusters with windows: dev at any time, staging on Thursdays, prod on Saturdays, with a freeze in winter."""
    return [
        replace(
            cluster,
            maintenance=WINDOWS[cluster.stack],
            # Steps that one opening takes: fewer nodes, and two of them at once.
            pools=tuple(replace(p, nodes=max(3, p.nodes // 2), surge=max(2, p.surge)) for p in cluster.pools),
        )
        for cluster in clusters
    ]


def _weekly(day: str) -> Maintenance:
    upgrades = {"weekly": {"day": day}, "startTime": "08:00", "hours": 12, "utcOffset": "+01:00"}
    freeze = {"start": "2026-12-18", "end": "2027-01-04"}
    return Maintenance.model_validate({"upgrades": upgrades, "notAllowed": [freeze]})


WINDOWS = {"dev": Maintenance(), "staging": _weekly("Thursday"), "prod": _weekly("Saturday")}


def growth() -> None:
    """Print how long planning and scheduling take for 1, 100 and 10,000 clusters, in their windows."""
    catalog = Catalog.load()
    for count in (1, 100, 10_000):
        clusters = windowed(fleet(count))
        begin = time.process_time()
        plans = [plan(cluster, TO, catalog, ON) for cluster in clusters]
        timeline = schedule(plans, concurrency=max(count // 20, 1), begin=BEGIN)
        took = time.process_time() - begin
        print(
            f"{count:6} clusters of 10 pools: {took:7.3f} s of processor time, {took / count * 1000:6.3f} ms each, "
            f"{sum(len(item.steps) for item in plans)} steps, makespan {timeline.makespan} min"
        )


def makespan() -> None:
    """Print the makespan of a fleet beside its lower bound, Fleet's stages, and one pool of one cluster after another."""
    catalog = Catalog.load()
    plans = [plan(cluster, TO, catalog, ON) for cluster in fleet(120)]
    for concurrency in (4, 10, 20):
        ours, bound = schedule(plans, concurrency).makespan, lower_bound(plans, concurrency)
        print(
            f"{concurrency:3} at once: {ours:7} min, lower bound {bound:7} ({ours / bound - 1:.1%} above), "
            f"Fleet's stages {_stages(plans, concurrency):7}, one pool after another {schedule(plans, 1).makespan:8}"
        )


def in_windows() -> None:
    """Print, for several fleets with windows, how far above the bound that no order can beat a rollout is."""
    catalog = Catalog.load()
    for seed in SEEDS:
        plans = [plan(cluster, TO, catalog, ON) for cluster in windowed(fleet(120, seed))]
        above = [
            schedule(plans, places, BEGIN).makespan / lower_bound(plans, places, BEGIN) - 1
            for places in AT_ONCE
        ]
        said = ", ".join(f"{share:.1%} at {places}" for places, share in zip(AT_ONCE, above, strict=True))
        print(f"with windows, fleet {seed}: {said} at once above the lower bound")


def _stages(plans: list[Plan], concurrency: int) -> int:
    """Return the makespan of Azure Fleet Manager's update runs, one for each minor, with so many groups in a stage.

    Stages run one after another with a wait after each; a stage's groups in parallel; a group's clusters one after
    another (learn.microsoft.com/azure/kubernetes-fleet/concepts-update-orchestration). Clusters are dealt to the groups in turn.
    """
    total = 0
    for minor in sorted({step.after.minor for item in plans for step in item.steps}):
        for stack in STACKS:
            mine = [item for item in plans if item.cluster.stack == stack]
            groups = [mine[place::concurrency] for place in range(concurrency)]
            total += max(sum(_minutes(item, minor) for item in group) for group in groups)
            total += SOAK_DAYS * DAY
    return total - SOAK_DAYS * DAY  # nothing waits for the last


def _minutes(item: Plan, minor: tuple[int, int]) -> int:
    return sum(step.duration.expected for step in item.steps if step.after.minor == minor)


def run() -> None:
    """Run all of them."""
    growth()
    makespan()
    in_windows()
