"""Which versions a stack runs, and since when: what promotion and upgrade plans go by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pulumi
from secure_aks_lifecycle.stack.outputs import as_outputs

KEPT = 10
"""Earlier versions that an entry remembers."""


@dataclass(frozen=True)
class VersionRecordArgs:
    """What is recorded.

    `current` are the versions that this `up` brings, `previous` those that the last one recorded (None: there was
    none), both records (`secure_aks_lifecycle.stack.record`). Nothing is recorded before each of `after` is known. `now` is
    the time that a changed version gets as its beginning.
    """

    current: pulumi.Input[Mapping[str, Any]]
    previous: pulumi.Output[Any]
    after: Sequence[pulumi.Output[Any]]
    now: datetime


class VersionRecord(pulumi.ComponentResource):
    """The stack's outputs `versions` and `shape`; in them an unchanged version keeps the time since when it runs.

    That time comes from the stack's own last outputs; nothing outside has to remember it. A version is recorded when
    Azure runs it, so an `up` that fails records nothing it did not do.
    """

    versions: pulumi.Output[dict[str, Any]]
    """Which versions run since when; `secure_aks_lifecycle.stack.outputs` has the shape of both."""
    shape: pulumi.Output[dict[str, Any]]
    """What the stack has beside, in a line each: what the next preview compares with."""

    def __init__(
        self, name: str, args: VersionRecordArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:VersionRecord", name, None, opts)
        now = args.now.isoformat(timespec="seconds")
        known = pulumi.Output.all(args.current, args.previous, *args.after)
        outputs = known.apply(lambda values: as_outputs(record(values[0], values[1], now)))
        self.versions = outputs.apply(lambda both: both[0])
        self.shape = outputs.apply(lambda both: both[1])
        self.register_outputs({"versions": self.versions, "shape": self.shape})


def record(current: Mapping[str, Any], previous: Any, now: str) -> dict[str, Any]:
    """Return the current versions with the time since when each runs, and what ran before it."""
    before = _mapping(_mapping(previous).get("clusters"))
    clusters = {
        name: _cluster(cluster, _mapping(before.get(name)), now)
        for name, cluster in current["clusters"].items()
    }
    return {**current, "clusters": clusters}


def entry(current: Mapping[str, Any], previous: Any, now: str) -> dict[str, Any]:
    """Return an entry with its `since`, given the entry of the last `up` (None: there was none).

    The same version keeps its `since`; another one begins now, and the one before joins `earlier`, newest first.
    """
    before = _mapping(previous)
    if "since" not in before or "version" not in before:
        return {**current, "since": now}
    if before["version"] == current["version"]:
        kept = {key: before[key] for key in ("since", "earlier") if key in before}
        return {**current, **kept}
    run = {"version": before["version"], "since": before["since"], "until": now}
    return {**current, "since": now, "earlier": [run, *before.get("earlier", [])][:KEPT]}


def _cluster(current: Mapping[str, Any], before: Mapping[str, Any], now: str) -> dict[str, Any]:
    pools_before = _mapping(before.get("pools"))
    pools = {name: entry(pool, pools_before.get(name), now) for name, pool in current["pools"].items()}
    return {
        **current,
        "controlPlane": entry(current["controlPlane"], before.get("controlPlane"), now),
        "pools": pools,
    }


def _mapping(value: Any) -> dict[str, Any]:
    # The first `up` has no outputs, and nothing forbids a person to have exported something else under this name.
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
