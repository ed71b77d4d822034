"""Pools that are resources of their own, in what a refresh reads of their cluster.

Azure tells every pool as a part of its cluster, so after a refresh the cluster differs from the program by each of them
(`inline-pool-alone` of the lifecycle pack takes them out again). A pool's own resource says whether the pool differs. What
is left is drift: a pool that somebody added, and that the stack does not have.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from upgrades.engine.previewed import CLUSTER, POOL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.automation import EngineEvent

    from .collect import Review

PROFILES = "agentPoolProfiles"


class OwnPools:
    """Hand it the events of a preview after a refresh; `settle` then takes out of the review what is no drift."""

    def __init__(self) -> None:
        self._own: set[tuple[str, str]] = set()
        self._there: dict[str, tuple[str, set[str], set[str]]] = {}
        """By a cluster's name in the program: its name in Azure, its pools there, and those that are sent with it."""

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if not (event.resource_pre_event and event.resource_pre_event.metadata.new):
            return
        step = event.resource_pre_event.metadata
        new: Mapping[str, Any] = (step.new and step.new.inputs) or {}
        old: Mapping[str, Any] = (step.old and step.old.inputs) or {}
        if step.type == POOL:
            self._own.add((str(new.get("resourceName")), str(new.get("agentPoolName"))))
        elif step.type == CLUSTER:
            name = step.urn.rpartition("::")[2]
            self._there[name] = str(new.get("resourceName")), _names(old), _names(new)

    def settle(self, review: Review) -> None:
        """Name the pools that the stack does not have in the place of all pools; a cluster that differs by no more stands still."""
        for change in [one for one in review.changes if one.type == CLUSTER and one.name in self._there]:
            azure, there, sent = self._there[change.name]
            foreign = {name for name in there - sent if (azure, name) not in self._own}
            rest = [path for path in change.properties if not path.startswith(PROFILES)]
            if not there or len(rest) == len(change.properties):
                continue
            place = review.changes.index(change)
            told = (*rest, *(f'{PROFILES}["{name}"]' for name in sorted(foreign)))
            review.changes[place : place + 1] = [replace(change, properties=told)] if told else []
            review.unchanged += not told


def _names(inputs: Mapping[str, Any]) -> set[str]:
    profiles = inputs.get(PROFILES)
    if not isinstance(profiles, list):  # not known before the step
        return set()
    return {str(pool.get("name")) for pool in cast("list[dict[str, Any]]", profiles)}
