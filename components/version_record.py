"""Which versions a stack runs, and since when: what promotion and upgrade plans go by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pulumi

from settings.pools import Pool

SCHEMA = 1
"""Version of the output's shape (see `secure_aks_lifecycle.record`)."""
KEPT = 10
"""Earlier versions that an entry remembers."""


@dataclass(frozen=True)
class VersionRecordArgs:
    """What is recorded: the versions of the control plane and, by name, of the pools, known once Azure runs them.

    `pools` are the settings of those pools; `now` is the time that a changed version gets as its beginning.
    """

    cluster_name: str
    control_plane: pulumi.Output[str]
    pools: Sequence[Pool]
    pool_versions: Mapping[str, pulumi.Output[str]]
    now: datetime


class VersionRecord(pulumi.ComponentResource):
    """The stack's `versions` output, in which an unchanged version keeps the time since when it runs.

    That time comes from the stack's own last outputs, by a reference of the stack to itself; nothing outside has to
    remember it. A version is recorded when Azure runs it, so an `up` that fails records nothing it did not do.
    """

    versions: pulumi.Output[dict[str, Any]]
    """The output: `{"schema": 1, "clusters": {name: {"controlPlane": entry, "pools": {name: entry}}}}`."""

    def __init__(
        self, name: str, args: VersionRecordArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:VersionRecord", name, None, opts)
        me = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
        last = pulumi.StackReference(name, stack_name=me, opts=pulumi.ResourceOptions(parent=self))
        self.versions = pulumi.Output.all(
            last=last.get_output("versions"),
            control_plane=args.control_plane,
            pools=pulumi.Output.all(**args.pool_versions),
        ).apply(lambda known: _record(args, known["last"], known["control_plane"], known["pools"]))
        self.register_outputs({"versions": self.versions})


def entry(version: str, now: str, last: Any) -> dict[str, Any]:
    """Return the entry of a version that runs now, given the entry of the last `up` (None: there was none).

    The same version keeps its `since`; another one begins now, and the one before joins `earlier`, newest first.
    """
    before = _mapping(last)
    if before.get("version") == version and "since" in before:
        return {key: before[key] for key in ("version", "since", "earlier") if key in before}
    if "since" not in before:
        return {"version": version, "since": now}
    run = {"version": before["version"], "since": before["since"], "until": now}
    return {"version": version, "since": now, "earlier": [run, *before.get("earlier", [])][:KEPT]}


def _record(
    args: VersionRecordArgs, last: Any, control_plane: str, pools: Mapping[str, str]
) -> dict[str, Any]:
    now = args.now.isoformat(timespec="seconds")
    before = _mapping(_mapping(_mapping(last).get("clusters")).get(args.cluster_name))
    pools_before = _mapping(before.get("pools"))
    recorded = {
        pool.name: {
            **entry(pools[pool.name], now, pools_before.get(pool.name)),
            "osSku": pool.os_sku,
            "osType": pool.os_type,
            "mode": pool.mode,
        }
        for pool in args.pools
    }
    cluster = {"controlPlane": entry(control_plane, now, before.get("controlPlane")), "pools": recorded}
    return {"schema": SCHEMA, "clusters": {args.cluster_name: cluster}}


def _mapping(value: Any) -> dict[str, Any]:
    # The first `up` has no outputs, and nothing forbids a person to have exported something else under this name.
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
