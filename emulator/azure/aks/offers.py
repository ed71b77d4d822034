"""What may follow a version, by the same rules that refuse a PUT: an offer is a version that no rule refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.azure.aks import version_rules
from emulator.azure.aks.versions import full, minor_of, minors, offered, show, windows_range
from emulator.azure.errors import ArmError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from emulator.cloud.state import Settings


def region(on: date) -> list[dict[str, Any]]:
    """Return the versions of a region as ARM lists them: a minor with its patches, and what each may go to."""
    open_ = [m for m in minors() if m.offered(on, lts=False) or m.offered(on, lts=True)]
    standard = [m for m in open_ if m.offered(on, lts=False)]
    default = standard[-2] if len(standard) > 1 else (standard or [None])[-1]
    rows: list[dict[str, Any]] = []
    for minor in open_:
        plans = ["KubernetesOfficial"] if minor in standard else []
        patches = {
            show(patch): {
                "upgrades": [
                    show(p)
                    for m in open_
                    for p in m.patches
                    if p > patch and p[1] - patch[1] in (0, 1) and m.offered(on, lts=minor not in standard)
                ]
            }
            for patch in minor.patches
        }
        rows.append(
            {
                "version": minor.name,
                "capabilities": {"supportPlan": [*plans, "AKSLongTermSupport"]},
                "patchVersions": patches,
                **({"isDefault": True} if minor is default else {}),
            }
        )
    return rows


def control_plane(version: str, on: date, *, lts: bool, settings: Settings) -> list[dict[str, Any]]:
    """Return what a control plane may be upgraded to."""

    def may(new: str) -> None:
        version_rules.control_plane_move(version, new, lts=lts, settings=settings)

    return [{"kubernetesVersion": v} for v in _newer(version, on, may, lts=lts)]


def pool(  # noqa: PLR0913  (one for each thing the offer hangs on)
    version: str, control_plane: str, on: date, *, os_sku: str, lts: bool, settings: Settings
) -> list[dict[str, Any]]:
    """Return what a pool may be upgraded to: never above its control plane, whose own version is always there."""
    reach = windows_range(os_sku)

    def may(new: str) -> None:
        version_rules.pool_move(version, new, settings)
        version_rules.skew(new, control_plane, settings)

    found = list(_newer(version, on, may, lts=lts, also=control_plane))
    return [{"kubernetesVersion": v} for v in found if reach is None or reach[0] <= minor_of(v) <= reach[1]]


def new_pools(control_plane: str, on: date, *, lts: bool, settings: Settings) -> list[dict[str, Any]]:
    """Return the versions that a new pool may have; the control plane's own is the default."""

    def may(new: str) -> None:
        version_rules.skew(new, control_plane, settings)

    found = list(_newer("0.0.0", on, may, lts=lts, also=control_plane))
    return [{"version": v, **({"default": True} if v == control_plane else {})} for v in found]


def _newer(version: str, on: date, may: Callable[[str], None], *, lts: bool, also: str = "") -> Iterator[str]:
    known = {show(p) for m in minors() for p in m.patches} | {v for v in (also,) if v}
    for new in sorted(known, key=full):
        if full(new) > full(version) and (new == also or offered(new, on, lts=lts)):
            try:
                may(new)
            except ArmError:
                continue
            yield new
