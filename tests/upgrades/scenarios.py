"""Scenarios of a fleet and a target, by name; what the planner does with each is a golden log under `golden/`.

python -m tests.upgrades.scenarios        # write the logs anew; read the difference before you commit it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from secure_aks_lifecycle.ending import run
from secure_aks_lifecycle.versions.skew import Rules

from tests.upgrades.builders import TODAY, catalog, cluster, pool, v
from upgrades.plan.planner import plan
from upgrades.plan.waves.schedule import schedule
from upgrades.render.words import needs, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from upgrades.model.clusters import Cluster

GOLDEN = Path(__file__).parent / "golden"
CATALOG = catalog()


@dataclass(frozen=True)
class Scenario:
    """Clusters that go to a target together."""

    clusters: tuple[Cluster, ...]
    target: str
    concurrency: int = 1
    about: str = ""


def one(control_plane, target, *pools, about="", **changes):
    return Scenario((cluster(control_plane, pools or None, **changes),), target, about=about)


SYSTEM = pool("system", mode="System", nodes=3, cores=4)
WINDOWS = pool("win", os_type="Windows", os_sku="Windows2025", nodes=2)
TWO, SKIP = Rules(skew_minors=2), Rules(pool_skips_minors=True)
SKIP_TWO = Rules(skew_minors=2, pool_skips_minors=True)


def at(version, *pools):
    return [replace(one, version=v(version)) for one in pools]


def stack(name, version="1.34.7", follows=None, soak=0, **changes):
    base = cluster(
        version, [pool("system", version, mode="System", nodes=3), pool("general", version, nodes=5)]
    )
    return replace(base, stack=name, name=f"aks-{name}", follows=follows, soak_days=soak, **changes)


SCENARIOS: dict[str, Scenario] = {
    "nothing-to-do": one("1.35.7", "1.35.7"),
    "patch": one("1.35.3", "1.35.7"),
    "patch-of-the-pools-alone": one("1.35.7", "1.35.7", *at("1.35.3", SYSTEM, pool())),
    "patch-of-one-pool": one(
        "1.35.7", "1.35.7", replace(SYSTEM, version=v("1.35.7")), pool("general", "1.35.3")
    ),
    "control-plane-alone": Scenario((cluster("1.34.7", []),), "1.35.7"),
    "one-minor": one("1.34.7", "1.35.7", SYSTEM, pool()),
    "one-minor-windows-last": one("1.34.7", "1.35.7", WINDOWS, SYSTEM, pool()),
    "one-minor-canary-first": one("1.34.7", "1.35.7", pool("a"), pool("z", canary=True), SYSTEM),
    "one-minor-canary-windows": one("1.34.7", "1.35.7", pool("a"), replace(WINDOWS, canary=True), SYSTEM),
    "one-minor-two-system-pools": one("1.34.7", "1.35.7", pool("two", mode="System"), SYSTEM, pool()),
    "one-minor-canary-system": one("1.34.7", "1.35.7", SYSTEM, pool("try", mode="System", canary=True)),
    "one-minor-many-pools": one("1.34.7", "1.35.7", SYSTEM, *(pool(f"p{n}") for n in range(6))),
    "one-minor-mixed-patches": one("1.34.7", "1.35.7", replace(SYSTEM, version=v("1.34.3")), pool()),
    "one-minor-large-surge": one("1.34.7", "1.35.7", SYSTEM, pool(nodes=40, surge=13, cores=8)),
    "one-minor-slow-drains": one(
        "1.34.7", "1.35.7", SYSTEM, pool(nodes=4, drain_minutes=120, soak_minutes=10)
    ),
    "one-minor-unknown-cores": one("1.34.7", "1.35.7", replace(SYSTEM, cores=None)),
    "one-minor-spot": one("1.34.7", "1.35.7", SYSTEM, pool("spot", nodes=3, surge=0, drain_minutes=0)),
    "pool-a-minor-behind": one("1.35.7", "1.35.7", *at("1.35.7", SYSTEM), pool()),
    "pool-two-minors-behind": one("1.35.7", "1.35.7", *at("1.35.7", SYSTEM), pool("old", "1.33.3")),
    "pool-two-minors-behind-skips": one(
        "1.35.7", "1.35.7", *at("1.35.7", SYSTEM), pool("old", "1.33.3"), rules=SKIP
    ),
    "pools-behind-by-different-minors": one("1.35.7", "1.35.7", *at("1.34.7", SYSTEM), pool("old", "1.33.3")),
    "pool-behind-holds-the-control-plane": one("1.34.7", "1.35.7", SYSTEM, pool("old", "1.31.7")),
    "pool-behind-holds-with-skew-two": one("1.34.7", "1.35.7", SYSTEM, pool("old", "1.32.7"), rules=TWO),
    "two-minors": one("1.34.7", "1.36.7", SYSTEM, pool()),
    "two-minors-skip": one("1.34.7", "1.36.7", SYSTEM, pool(), rules=SKIP),
    "two-minors-windows": one("1.34.7", "1.36.7", SYSTEM, pool(), WINDOWS),
    "three-minors": one("1.33.7", "1.36.7", *at("1.33.7", SYSTEM, pool())),
    "three-minors-skew-two": one("1.33.7", "1.36.7", *at("1.33.7", SYSTEM, pool()), rules=TWO),
    "three-minors-skip": one("1.33.7", "1.36.7", *at("1.33.7", SYSTEM, pool()), rules=SKIP),
    "three-minors-skip-skew-two": one("1.33.7", "1.36.7", *at("1.33.7", SYSTEM, pool()), rules=SKIP_TWO),
    "five-minors": one("1.31.7", "1.36.7", *at("1.31.7", SYSTEM, pool())),
    "five-minors-skip": one("1.31.7", "1.36.7", *at("1.31.7", SYSTEM, pool()), rules=SKIP),
    "long-term-support": one("1.32.7", "1.35.7", *at("1.32.7", SYSTEM), lts=True),
    "followed-one-minor": one("1.34.7", "1.35.7", SYSTEM, pool(), follower_days=7),
    "followed-two-minors": one("1.34.7", "1.36.7", SYSTEM, pool(), follower_days=7),
    "followed-two-minors-skip": one("1.34.7", "1.36.7", SYSTEM, pool(), follower_days=7, rules=SKIP),
    "followed-and-fresh": one(
        "1.35.7",
        "1.36.7",
        *at("1.35.7", SYSTEM),
        follower_days=7,
        hold_days={"control plane": 5, "system": 5},
    ),
    "following-stops-at-what-is-proven": one(
        "1.34.7",
        "1.36.7",
        SYSTEM,
        follows="test",
        soak_days=3,
        proven=frozenset({v("1.35.2"), v("1.35.3"), v("1.36.7")}),
    ),
    "blocked-target-older": one("1.35.7", "1.34.7"),
    "blocked-target-unknown": one("1.35.7", "1.36.9"),
    "blocked-target-not-out": one("1.35.7", "1.37.3"),
    "blocked-auto-upgrade": one("1.34.7", "1.35.7", auto_upgrade="stable"),
    "blocked-pool-above": one("1.34.7", "1.35.7", SYSTEM, pool("ahead", "1.35.3")),
    "blocked-ubuntu-2204": one("1.34.7", "1.35.7", replace(SYSTEM, os_sku="Ubuntu2204")),
    "blocked-windows-to-be-replaced": one(
        "1.36.3",
        "1.37.3",
        replace(WINDOWS, version=v("1.36.3"), os_sku="Windows2022"),
        about="1.37 is out here",
    ),
    "blocked-several-at-once": one(
        "1.34.7",
        "1.35.7",
        replace(SYSTEM, os_sku="Ubuntu2204"),
        pool("ahead", "1.35.3"),
        auto_upgrade="rapid",
    ),
    "fleet-one-after-another": Scenario((stack("a"), stack("b"), stack("c")), "1.35.7"),
    "fleet-all-at-once": Scenario((stack("a"), stack("b"), stack("c")), "1.35.7", concurrency=3),
    "fleet-promotion": Scenario(
        (
            stack("prod", follows="staging", soak=7),
            stack("staging", follows="dev", soak=2, follower_days=7),
            stack("dev", follower_days=2),
        ),
        "1.35.7",
    ),
    "fleet-promotion-two-minors": Scenario(
        (stack("prod", follows="staging", soak=7), stack("staging", follower_days=7)), "1.36.7"
    ),
    "fleet-one-blocked": Scenario((stack("a"), stack("b", auto_upgrade="rapid")), "1.35.7"),
    "fleet-one-done": Scenario((stack("a", "1.35.7"), stack("b", follows="a", soak=3)), "1.35.7"),
}


def log(scenario: Scenario) -> str:
    """What the planner does: every action with its reason, its time, its length and its needs, or what blocks."""
    versions = catalog(last=37) if "1.37 is out" in scenario.about else CATALOG
    plans = [plan(item, v(scenario.target), versions, TODAY) for item in scenario.clusters]
    return "\n".join(_lines(scenario, schedule(plans, scenario.concurrency))) + "\n"


def _lines(scenario, timeline) -> Iterator[str]:
    yield f"to {scenario.target}, {scenario.concurrency} at once, makespan {span(timeline.makespan)}"
    for slot in timeline.slots:
        item = slot.plan.cluster
        pools = ", ".join(f"{p.name} {p.version}" for p in item.pools)
        yield f"{item.stack} {item.name} wave {slot.wave}: control plane {item.control_plane}; {pools}"
        for blocker in slot.plan.blockers:
            yield f"  blocked by {blocker.what}: {blocker.why}"
            yield f"    unblock: {blocker.unblock}"
        for step, start in zip(slot.plan.steps, slot.starts, strict=True):
            yield (
                f"  +{span(start)}: {step.target} {step.before} -> {step.after}, "
                f"{span(step.duration.expected)} to {span(step.duration.longest)}"
                f"{', ' + needs(step.needs) if needs(step.needs) else ''}"
            )
            yield f"    because {step.reason}"
        if not slot.plan.steps and not slot.plan.blockers:
            yield "  nothing to do"


def write(say: Callable[[str], object] = print) -> None:
    """Write every log, and remove those of no scenario."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.txt"):
        if path.stem not in SCENARIOS:
            path.unlink()
    for name, scenario in SCENARIOS.items():
        (GOLDEN / f"{name}.txt").write_text(log(scenario), encoding="utf-8")
    say(f"{len(SCENARIOS)} logs in {GOLDEN}")


if __name__ == "__main__":
    run(lambda: write)
