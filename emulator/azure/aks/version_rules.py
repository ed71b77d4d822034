"""Which moves of a version AKS refuses, in its codes (AKS docs on upgrades and on version skew; facts of 2026-07)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from emulator.azure.aks.versions import full, minor_of, minors, offered, offered_list, resolve
from emulator.azure.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from emulator.azure.resource_type import Props
    from emulator.cloud.state import Settings, State

_GATE_HOURS = 12


def wanted(text: str, running: str | None, parameter: str) -> str:
    """Return the full version that a request means. Raises ArmError for what is no version."""
    version = resolve(text, running)
    if version is None:
        raise refusal("InvalidParameter.version", parameter=parameter, text=text)
    return version


def must_be_offered(version: str, on: date, *, lts: bool, code: str) -> None:
    """Refuse a version that is not known, not yet there, or no longer there."""
    if offered(version, on, lts=lts):
        return
    hint = ".lts" if not lts and offered(version, on, lts=True) else ""
    raise refusal(f"{code}{hint}", version=version, offers=offered_list(on, lts=lts))


def leaps_whole(old: str, new: str, on: date, *, lts: bool) -> bool:
    """Say whether AKS takes a cluster there when control plane and pools go together.

    From out of support and without LTS it does so to the lowest supported minor (AKS, "Upgrade an AKS cluster").
    """
    standard = [minor for minor in minors() if minor.offered(on, lts=False)]
    if lts or not standard or full(new) < full(old):
        return False
    return minor_of(old) < minor_of(standard[0].name) == minor_of(new)


def control_plane_move(old: str, new: str, *, lts: bool, settings: Settings, whole: bool = False) -> None:
    """Refuse a control plane's way down, and a skipped minor (LTS to LTS may skip within the skew, a `whole` cluster to support)."""
    if full(new) < full(old):
        raise refusal("OperationNotAllowed.downgrade", old=old, new=new)
    step = minor_of(new) - minor_of(old)
    if step > (settings.skew_minors if lts else 1) and not whole:
        raise refusal("OperationNotAllowed.skip", old=old, new=new)


def pool_move(old: str, new: str, settings: Settings) -> None:
    """Refuse a pool's way down, and a skipped minor unless this Azure allows it."""
    step = minor_of(new) - minor_of(old)
    if full(new) < full(old) or (step > 1 and not settings.pool_skips_minors):
        way = "back" if full(new) < full(old) else "skip"
        raise refusal(f"AgentPoolUpgradeVersionNotAllowed.{way}", old=old, new=new)


def not_failed(old: Props, version: str) -> None:
    """Refuse to move what an operation left as Failed anywhere but to the version that it was to have.

    Source: AKS documentation, "Troubleshoot common issues" (in the failed state no upgrade works until it is fixed), and
    "Upgrade options for AKS clusters": a PUT of the same brings it back first.
    """
    if old.get("provisioningState") != "Failed":
        return
    wanted_before = old.get("orchestratorVersion") or old.get("kubernetesVersion")
    if version != wanted_before:
        raise refusal("OperationNotAllowed.failed", version=version, wanted_before=wanted_before)


def skew(pool: str, control_plane: str, settings: Settings) -> None:
    """Refuse a pool above its control plane, or too far behind it."""
    both = {"pool": pool, "control_plane": control_plane}
    if full(pool) > full(control_plane):
        raise refusal("NodePoolMcVersionIncompatible.ahead", **both)
    seen = minor_of(pool), minor_of(control_plane)
    if seen[1] - seen[0] > settings.skew_minors:
        raise refusal("NodePoolMcVersionIncompatible.behind", **both, minors=seen, settings=settings)


def all_or_none(named: Mapping[str, str | None], pools: Mapping[str, str], control_plane: str) -> None:
    """Refuse a cluster PUT that carries the version of some pools only, or moves one to a version of its own.

    `named`: the inline pools of the request with their versions; `pools`: every pool of the cluster with what it runs.
    """
    if not any(named.values()):
        return
    for pool, running in pools.items():
        version = named.get(pool)
        if not version or resolve(version, running) not in (running, control_plane):
            raise refusal("NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged")


def channel_moves_versions(channel: str | None) -> None:
    """Refuse to upgrade a control plane alone while an auto-upgrade channel moves versions."""
    if channel in ("rapid", "stable", "patch"):
        raise refusal("NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged")


def deprecated_apis(state: State, cluster_id: str, new: str, override: Props | None, now: datetime) -> None:
    """Refuse a minor upgrade while an API that it removes was used in the last 12 hours, unless it is forced."""
    if not state.settings.deprecated_api_gate or _forced(override, now):
        return
    used = [
        use
        for use in state.api_usage
        if use["cluster"] == cluster_id.lower()
        and minor_of(use["removedIn"]) <= minor_of(new)
        and now - datetime.fromisoformat(use["at"]) <= timedelta(hours=_GATE_HOURS)
    ]
    if used:
        details = "; ".join(f"{u['api']}, last seen {u['at']}, removed in {u['removedIn']}" for u in used)
        raise refusal("ValidationError", hours=_GATE_HOURS, details=details)


def _forced(override: Props | None, now: datetime) -> bool:
    if not override or not override.get("forceUpgrade") or not override.get("until"):
        return False
    until = datetime.fromisoformat(str(override["until"]))
    return (until if until.tzinfo else until.replace(tzinfo=now.tzinfo)) > now
