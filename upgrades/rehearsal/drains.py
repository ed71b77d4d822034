"""The drains of a plan's pools on a loaded stage, batch after batch as AKS goes, and which pods would be stuck there.

Source: AKS, "Upgrade options" (surge, drain time-out, undrainable nodes): surge nodes come first; as many old nodes as there are
surge nodes are cordoned, drained by the eviction API and made anew; a node that cannot be drained stays cordoned.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Pod
from upgrades.observe.cluster.refusals import NotAskedError, refusal
from upgrades.observe.cluster.volumes import Claims
from upgrades.plan.cost import at_once, surge_of

from .states import key_of, why_stuck
from .stuck import Stuck, of_refusal, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from upgrades.model.clusters import Pool

    from .stage import Stage


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of a rehearsal: the batches of each pool, by their nodes, and the pods that would be stuck.

    `not_asked` are the webhooks that the cluster asks before an eviction.
    """

    batches: dict[str, list[tuple[str, ...]]]
    stuck: tuple[Stuck, ...]
    not_asked: tuple[str, ...] = ()


def rehearse(stage: Stage, pools: Sequence[Pool]) -> Rehearsed:
    """Drain the pools one after another. Raises RehearsalError when the stage does not come to rest."""
    pods, nodes, not_asked = stage.dump.pods, stage.dump.nodes, stage.dump.not_asked
    drains = _Drains(stage)
    batches: dict[str, list[tuple[str, ...]]] = {}
    found: list[Stuck] = []
    for pool in pools:
        names = [one.name for one in nodes if one.pool == pool.name]
        size = at_once(pool, len(names))
        batches[pool.name] = [tuple(names[at : at + size]) for at in range(0, len(names), size)]
        surge = tuple(
            stage.add_node(stage.nodes[name], f"{stage.run}-{name}")
            for name in names[: surge_of(pool, len(names))]
        )
        stage.reopen(surge)
        for number, batch in enumerate(batches[pool.name], start=1):
            found += told(pool, number, [pod for pod in pods if pod.node in batch])
            found += drains.drain(pool, number, batch)
        drains.drain(pool, len(batches[pool.name]), surge)
        for name in surge:
            if not stage.drained(name):
                stage.remove_node(name)
    return Rehearsed(batches, tuple(found), not_asked)


class _Drains:
    """Drains batches of nodes, and remembers which pods have no node already, so that each is told once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.homeless = {key_of(item) for item in stage.pods() if why_stuck(item)}
        self.claims = Claims(stage.dump)

    def drain(self, pool: Pool, number: int, batch: tuple[str, ...]) -> list[Stuck]:
        """Cordon and drain nodes; those that got empty are open again, as new ones."""
        for name in batch:
            self.stage.cordon(name)
        refused = self._evict(batch)
        found = [
            Stuck(pool.name, number, *key, node, *of_refusal(why)) for key, (node, why) in refused.items()
        ]
        self._look_again()
        found += self._without_a_node(pool, number)
        self.stage.reopen([name for name in batch if not self.stage.drained(name)])
        return found

    def _look_again(self) -> None:
        """Have the pods that found no node made anew, until the scheduler says the same of the new ones twice.

        It may have looked at them while others were on their way out.
        """
        before: list[str] | None = None
        while (said := sorted(map(why_stuck, self._new_homeless()))) != before:
            before = said
            for item in self._new_homeless():
                self.stage.again(item)
            self.stage.settle()

    def _evict(self, batch: tuple[str, ...]) -> dict[tuple[str, str], tuple[str, str]]:
        """Ask for evictions, round after round, until a whole round moves nothing; return what is refused then, with node and reason."""
        while True:
            before = self._uids()
            refused: dict[tuple[str, str], tuple[str, str]] = {}
            for name in batch:
                for item in self.stage.drained(name):
                    if why := self._refusal(item):
                        refused[key_of(item)] = (name, why)
            self.stage.settle()
            if before == self._uids():
                return refused

    def _uids(self) -> set[str]:
        return {item["metadata"]["uid"] for item in self.stage.pods()}

    def _refusal(self, item: dict[str, Any]) -> str:
        """Ask for an eviction; return why it is refused, empty when it is not."""
        namespace, name = key_of(item)
        eviction = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": name, "namespace": namespace},
        }
        path = f"/api/v1/namespaces/{namespace}/pods/{name}/eviction"
        status, answer = self.stage.api.request("POST", path, eviction)
        try:
            found = refusal(Pod(namespace, name, ""), status, json.loads(answer))
        except NotAskedError as error:
            return str(error)
        return found.refusal if found else ""

    def _new_homeless(self) -> list[dict[str, Any]]:
        return [item for item in self.stage.pods() if why_stuck(item) and key_of(item) not in self.homeless]

    def _without_a_node(self, pool: Pool, number: int) -> Iterator[Stuck]:
        for item in self._new_homeless():
            key, why = key_of(item), why_stuck(item)
            self.homeless.add(key)
            zones = ", ".join(sorted(self.claims.zones(item)))
            if zones:
                yield Stuck(
                    pool.name,
                    number,
                    *key,
                    "",
                    "zone",
                    f"evicted, it finds no node: its volume is in zone {zones}, where no other node has room ({why})",
                    "make room in that zone: a node more there before the upgrade, or a surge that reaches every zone",
                )
            else:
                yield Stuck(
                    pool.name,
                    number,
                    *key,
                    "",
                    "room",
                    f"evicted, it finds no node ({why})",
                    "make room: a larger surge or a node more before the upgrade",
                )
