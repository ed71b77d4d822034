"""kured 1.23 as a model: what its daemon on one node does, step by step, told by the arguments of its container.

Written after kured's source (cmd/kured/main.go, pkg/daemonsetlock, pkg/timewindow, pkg/blockers, pkg/delaytick): the loop
that releases a lock after a reboot, the loop that looks every period, the lock's JSON in an annotation with one owner or
several, the drain with its time-out. Time is virtual: a daemon is a generator that yields the seconds it sleeps.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from settings.fields.durations import parse

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from random import Random

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
EVICTION_RETRY = 5.0
"""Seconds after which a refused eviction is tried again (kubectl's drain)."""


@dataclass(frozen=True)
class Flags:
    """kured's flags; what an argument leaves out has kured's own default."""

    days: tuple[str, ...]
    start: time
    end: time
    zone: ZoneInfo
    period: float
    lock_ttl: float
    lock_release_delay: float
    drain_delay: float
    drain_timeout: float
    concurrency: int
    force_reboot: bool
    prometheus: bool
    alert_filter: re.Pattern[str] | None
    match_only: bool
    firing_only: bool

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Flags:
        """Read a container's arguments."""
        pairs = [argument.removeprefix("--").partition("=") for argument in arguments]
        given = {name: value for name, _, value in pairs}
        seconds = {
            name: parse(given.get(name) or other).total_seconds() for name, other in _DURATIONS.items()
        }
        pattern = given.get("alert-filter-regexp")
        return cls(
            days=tuple(value for name, _, value in pairs if name == "reboot-days") or DAYS,
            start=time.fromisoformat(given.get("start-time", "00:00")),
            end=time.fromisoformat(given.get("end-time", "23:59:59")),
            zone=ZoneInfo(given.get("time-zone", "UTC")),
            period=seconds["period"],
            lock_ttl=seconds["lock-ttl"],
            lock_release_delay=seconds["lock-release-delay"],
            drain_delay=seconds["drain-delay"],
            drain_timeout=seconds["drain-timeout"],
            concurrency=int(given.get("concurrency", "1")),
            force_reboot="force-reboot" in given,
            prometheus="prometheus-url" in given,
            alert_filter=re.compile(pattern) if pattern else None,
            match_only=given.get("alert-filter-match-only") == "true",
            firing_only=given.get("alert-firing-only") == "true",
        )

    def in_window(self, moment: datetime) -> bool:
        """kured's TimeWindow.Contains."""
        local = moment.astimezone(self.zone)
        if DAYS[local.weekday()] not in self.days:
            return False
        start = datetime.combine(local.date(), self.start, self.zone).astimezone(UTC)
        end = datetime.combine(local.date(), self.end, self.zone).astimezone(UTC) + timedelta(
            microseconds=999_999
        )
        if self.start > self.end:
            return moment < end or moment >= start
        return start <= moment <= end

    def blocks(self, alerts: Iterable[tuple[str, str]]) -> bool:
        """Whether alerts, as (name, state), stop a reboot."""
        if not self.prometheus:
            return False
        return any(
            (self.alert_filter is None or bool(self.alert_filter.search(name)) is self.match_only)
            and (not self.firing_only or state == "firing")
            for name, state in alerts
        )


_DURATIONS = {
    "period": "1h",
    "lock-ttl": "0s",
    "lock-release-delay": "0s",
    "drain-delay": "0s",
    "drain-timeout": "0s",
}


class World(Protocol):
    """What a daemon touches: the clock, the sentinel, alerts, the lock's annotation, its node and the pods on it."""

    def now(self) -> datetime: ...
    def needs_reboot(self, node: str) -> bool: ...
    def alerts(self) -> Iterable[tuple[str, str]]: ...
    def lock(self) -> str | None: ...
    def set_lock(self, node: str, value: str | None) -> bool: ...  # False: refused
    def cordon(self, node: str, *, on: bool) -> None: ...
    def evict(self, node: str) -> bool: ...  # True: the node is empty
    def reboot(self, node: str) -> float: ...  # seconds until its daemon runs again
    def note(self, node: str, what: str) -> None: ...


def daemon(node: str, flags: Flags, world: World, random: Random) -> Generator[float]:
    """Run kured on a node for ever."""
    while True:
        yield 60 * (0.5 + random.random())
        if _holding(node, world):
            world.cordon(node, on=False)
            world.note(node, "up")
            yield flags.lock_release_delay
            _release(node, flags, world)
        yield flags.period * (0.5 + random.random())
        due = world.now()
        while not (yield from _look(node, flags, world)):
            due += timedelta(seconds=flags.period)
            late = (world.now() - due).total_seconds()
            if late > 0:  # a ticker keeps one tick that nobody heard, and drops the others
                due += timedelta(seconds=late // flags.period * flags.period)
            yield max(0.0, (due - world.now()).total_seconds())
        yield world.reboot(node)


def _look(node: str, flags: Flags, world: World) -> Generator[float, None, bool]:
    """Look once; True: the node goes down."""
    if not flags.in_window(world.now()) or not world.needs_reboot(node) or flags.blocks(world.alerts()):
        return False
    if not _holding(node, world) and not _acquire(node, flags, world):
        return False
    world.note(node, "locked")
    yield flags.drain_delay
    world.note(node, "draining")
    world.cordon(node, on=True)
    begun = world.now()
    while not world.evict(node):
        if flags.drain_timeout and (world.now() - begun).total_seconds() >= flags.drain_timeout:
            if flags.force_reboot:
                break
            yield flags.lock_release_delay
            _release(node, flags, world)
            world.cordon(node, on=False)
            world.note(node, "up")
            return False
        yield EVICTION_RETRY
    world.note(node, "down")
    return True


def _locks(world: World) -> list[dict[str, Any]]:
    text = world.lock()
    found = json.loads(text) if text else {"locks": []}
    return (found["locks"] or []) if "locks" in found else [found]


def _expired(lock: dict[str, Any], world: World) -> bool:
    age = world.now() - datetime.fromisoformat(lock["created"])
    return lock["TTL"] > 0 and age >= timedelta(microseconds=lock["TTL"] / 1000)


def _holding(node: str, world: World) -> bool:
    return any(lock["nodeID"] == node and not _expired(lock, world) for lock in _locks(world))


def _acquire(node: str, flags: Flags, world: World) -> bool:
    locks = _locks(world)
    if len(locks) >= flags.concurrency:
        locks = [lock for lock in locks if not _expired(lock, world)]
    if len(locks) >= flags.concurrency:
        return False
    created = world.now().isoformat().replace("+00:00", "Z")
    mine = {
        "nodeID": node,
        "metadata": {"unschedulable": False},
        "created": created,
        "TTL": int(flags.lock_ttl * 1e9),
    }
    return world.set_lock(node, _text([*locks, mine], flags))


def _release(node: str, flags: Flags, world: World) -> None:
    locks = _locks(world)
    mine = next((lock for lock in locks if lock["nodeID"] == node), None)
    if mine is not None:
        world.set_lock(node, _text([lock for lock in locks if lock is not mine], flags))


def _text(locks: list[dict[str, Any]], flags: Flags) -> str | None:
    if flags.concurrency > 1:
        return json.dumps({"maxOwners": flags.concurrency, "locks": locks}, separators=(",", ":"))
    return json.dumps(locks[0], separators=(",", ":")) if locks else None
