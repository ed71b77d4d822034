"""A pool's way back: what it ran lately, and the PUT that returns to it (AKS, "Roll back a node pool version", API 2026-04-01).

A PUT that names a node image to return to is a rollback; it takes only what `recentlyUsedVersions` of the pool's
upgrade profile names: the versions and images of the last seven days, until the pool has gone back once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from emulator.azure.aks.versions import full
from emulator.azure.errors import refusal
from emulator.azure.shapes import table

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put
    from emulator.cloud.state import State

SINCE = "2026-04-01"
"""The first API version that takes a node image; before, it is only told."""
_WITHIN = timedelta(days=7)
_MOVING = {"rapid", "stable", "patch"}
"""Auto-upgrade channels that move versions; AKS takes nothing back while one is on."""


def recent(state: State, pool_id: str, now: datetime) -> list[Props]:
    """Return what a pool may go back to, the newest last."""
    rows = state.pool_history.get(pool_id.lower(), [])
    return [row for row in rows if now - datetime.fromisoformat(row["timestamp"]) <= _WITHIN]


def is_asked(put: Put, version: str) -> bool:
    """Tell whether a PUT asks for a rollback: it names a node image, and either another one than runs or an older version."""
    image, running = put.body.get("nodeImageVersion"), put.old.get("currentOrchestratorVersion")
    if not put.old or image is None:
        return False
    return image != put.old.get("nodeImageVersion") or (bool(running) and full(version) < full(str(running)))


def check(put: Put, cluster: Props, version: str) -> None:
    """Refuse a rollback to what the pool did not run lately, and one while a channel moves versions. Raises ArmError."""
    channel = str(table(cluster, "autoUpgradeProfile").get("upgradeChannel") or "none")
    if channel in _MOVING:
        raise refusal("OperationNotAllowed.rollback", channel=channel)
    wanted = (version, put.body["nodeImageVersion"])
    known = [
        (row["orchestratorVersion"], row["nodeImageVersion"]) for row in recent(put.state, put.id, put.now)
    ]
    if wanted not in known:
        raise refusal("InvalidParameter.rollback", put=put, wanted=" with ".join(wanted))


def remember(put: Put, pool: Props) -> None:
    """Note what the pool ran before a change of its version or image; after a rollback there is nothing to go back to."""
    key = put.id.lower()
    if is_asked(put, str(pool["currentOrchestratorVersion"])):
        put.state.pool_history.pop(key, None)
        return
    names = ("currentOrchestratorVersion", "nodeImageVersion")
    if not put.old or all(put.old.get(name) == pool.get(name) for name in names):
        return
    ran = {
        "orchestratorVersion": put.old.get(names[0]),
        "nodeImageVersion": put.old.get(names[1]),
        "timestamp": put.now.isoformat(),
    }
    put.state.pool_history.setdefault(key, []).append(ran)
