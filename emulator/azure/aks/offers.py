"""What may follow a version, by the same rules that refuse a PUT: an offer is a version that no rule refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.aks import version_rules
from emulator.azure.aks.agent_pools import LTS
from emulator.azure.aks.versions import full, minor_of, minors, offered, show, windows_range
from emulator.azure.errors import ArmError
from emulator.cloud.state import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from emulator.azure.resource_type import Props


def region(on: date) -> list[dict[str, Any]]:
    """Return the versions of a region as ARM lists them: a minor with its patches, and what each may go to."""
    open_ = [m for m in minors() if m.offered(on, lts=False) or m.offered(on, lts=True)]
    standard = [m for m in open_ if m.offered(on, lts=False)]
    default = standard[-2:][:1]
    rows: list[dict[str, Any]] = []
    for minor in open_:
        plans = ["KubernetesOfficial", LTS] if minor in standard else [LTS]
        patches = {
            version: {"upgrades": _for_control_plane(version, on, Settings(), lts=plans == [LTS])}
            for version in map(show, minor.patches)
        }
        row = {"version": minor.name, "capabilities": {"supportPlan": plans}, "patchVersions": patches}
        rows.append(row | ({"isDefault": True} if minor in default else {}))
    return rows


def control_plane(cluster: Props, on: date, settings: Settings) -> list[str]:
    """Return what the control plane of a cluster may be upgraded to."""
    return _for_control_plane(_version(cluster), on, settings, lts=_is_lts(cluster))


def pool(cluster: Props, pool: Props, on: date, settings: Settings) -> list[str]:
    """Return what a pool may be upgraded to: never above its control plane, whose own version is always there."""
    version, reach = str(pool["currentOrchestratorVersion"]), windows_range(str(pool["osSKU"]))

    def may(new: str) -> None:
        version_rules.pool_move(version, new, settings)
        version_rules.skew(new, _version(cluster), settings)

    found = _newer(version, on, may, lts=_is_lts(cluster), also=_version(cluster))
    return [v for v in found if reach is None or reach[0] <= minor_of(v) <= reach[1]]


def new_pools(cluster: Props, on: date, settings: Settings) -> list[str]:
    """Return the versions that a new pool of a cluster may have."""

    def may(new: str) -> None:
        version_rules.skew(new, _version(cluster), settings)

    return _newer("0.0.0", on, may, lts=_is_lts(cluster), also=_version(cluster))


def _version(cluster: Props) -> str:
    return str(cluster["currentKubernetesVersion"])


def _is_lts(cluster: Props) -> bool:
    return cluster.get("supportPlan") == LTS


def _for_control_plane(version: str, on: date, settings: Settings, *, lts: bool) -> list[str]:
    def may(new: str) -> None:
        version_rules.control_plane_move(version, new, lts=lts, settings=settings)

    return _newer(version, on, may, lts=lts)


def _newer(version: str, on: date, may: Callable[[str], None], *, lts: bool, also: str = "") -> list[str]:
    """Return the versions above one that are offered (or are `also`) and that `may` does not refuse."""

    def is_allowed(new: str) -> bool:
        try:
            may(new)
        except ArmError:
            return False
        return True

    known = {show(p) for m in minors() for p in m.patches if offered(show(p), on, lts=lts)} | {also} - {""}
    return [new for new in sorted(known, key=full) if full(new) > full(version) and is_allowed(new)]
