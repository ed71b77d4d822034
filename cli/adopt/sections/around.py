"""`secure-aks:network`, `audit`, `maintenance` and `nodeUpdates`."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from cli.adopt.found import at
from settings.sections.audit import Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.adopt.found import Found, Json

_MODES = {"Unmanaged": "kured", "SecurityPatch": "security-patch", "NodeImage": "node-image", "None": "none"}
WINDOWS = {
    "default": "releases",
    "aksManagedAutoUpgradeSchedule": "upgrades",
    "aksManagedNodeOSUpgradeSchedule": "nodeOs",
}
"""Our name of each window, by Azure's."""
_CATEGORIES = frozenset(get_args(Category))


def network_section(found: Found) -> Json:
    """Return where the nodes are: subnets that exist, or the network that AKS made."""
    pools_of: dict[str, list[str]] = {}
    for pool in found.pools:
        if subnet := at(pool, "properties.vnetSubnetID"):
            # As the first of its pools writes it: Azure tells no case, and a program does.
            same = next((one for one in pools_of if one.lower() == str(subnet).lower()), str(subnet))
            pools_of.setdefault(same, []).append(str(pool["name"]))
    if not pools_of:
        return {"ofAks": True}
    subnets = [
        {"id": id_, "cidr": _cidr(found, id_), **({"pools": names} if len(pools_of) > 1 else {})}
        for id_, names in pools_of.items()
    ]
    spaces = [space for spaces in found.spaces.values() for space in spaces if ":" not in space]
    existing: Json = {
        "subnets": subnets,
        "addressSpaces": sorted(set(spaces)) or [one["cidr"] for one in subnets],
    }
    if api_server := at(found.properties, "apiServerAccessProfile.subnetId"):
        existing["apiServerSubnet"] = api_server
    return {"existing": existing}


def audit_section(found: Found) -> Json:
    """Return the diagnostic setting that a stack file can say as it is; else a workspace to send a new one to, if there is one."""
    for one in found.diagnostics:
        if _sayable(one):
            said = one["properties"]
            return {
                "workspaceId": said["workspaceId"],
                "diagnosticSetting": one["name"],
                "categories": _enabled(said.get("logs")),
                "metrics": bool([row for row in said.get("metrics") or () if row.get("enabled")]),
            }
    categories = ["kube-audit", "guard"]
    taken = {str(at(one, "properties.workspaceId", "")).lower() for one in found.diagnostics}
    candidates = (
        at(found.properties, "securityProfile.defender.logAnalyticsWorkspaceResourceId"),
        at(found.properties, "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID"),
    )
    for workspace in candidates:
        if workspace and str(workspace).lower() not in taken:
            return {"workspaceId": workspace, "categories": categories}
    return {"categories": categories}


def maintenance_section(found: Found) -> Json:
    """Return the windows; those of the older form (`timeInWeek`) have no counterpart."""
    section: Json = {}
    spans: list[Json] = []
    for one in found.windows:
        window: Json | None = at(one, "properties.maintenanceWindow")
        if not window or one["name"] not in WINDOWS or not (when := _schedule(window.get("schedule") or {})):
            continue
        section[WINDOWS[one["name"]]] = {
            **when,
            "startTime": window["startTime"],
            "hours": window["durationHours"],
            "utcOffset": window.get("utcOffset") or "+00:00",
            **({"startDate": window["startDate"]} if window.get("startDate") else {}),
        }
        spans = spans or list(window.get("notAllowedDates") or ())
    if spans:
        section["notAllowed"] = [{"start": span["start"], "end": span["end"]} for span in spans]
    return section


def node_updates_section(found: Found) -> Json:
    """Return how nodes get their updates."""
    channel = at(found.properties, "autoUpgradeProfile.nodeOSUpgradeChannel", "NodeImage")
    return {"mode": _MODES[channel]}


def _sayable(one: Json) -> bool:
    """Tell whether a diagnostic setting is one that a stack file can say: named categories, to a workspace and nowhere else."""
    said: Json = one["properties"]
    logs = [row for row in said.get("logs") or () if row.get("enabled")]
    elsewhere = [
        said.get(key) for key in ("storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
    ]
    return (
        bool(said.get("workspaceId") and logs)
        and not any(elsewhere)
        and {row.get("category") for row in logs} <= _CATEGORIES
        and not {"kube-audit", "kube-audit-admin"} <= {row.get("category") for row in logs}
    )


def _enabled(rows: Iterable[Json] | None) -> list[str]:
    return [str(row["category"]) for row in rows or () if row.get("enabled")]


def _schedule(schedule: Json) -> Json:
    if daily := schedule.get("daily"):
        return {"daily": {"everyDays": daily["intervalDays"]}}
    if weekly := schedule.get("weekly"):
        return {"weekly": {"day": weekly["dayOfWeek"], "everyWeeks": weekly["intervalWeeks"]}}
    if monthly := schedule.get("absoluteMonthly"):
        return {"monthly": {"dayOfMonth": monthly["dayOfMonth"], "everyMonths": monthly["intervalMonths"]}}
    if relative := schedule.get("relativeMonthly"):
        return {
            "relativeMonthly": {
                "week": relative["weekIndex"],
                "day": relative["dayOfWeek"],
                "everyMonths": relative["intervalMonths"],
            }
        }
    return {}


def _cidr(found: Found, id_: str) -> str:
    none: Json = {}
    subnet = next((one for name, one in found.subnets.items() if name.lower() == id_.lower()), none)
    said: Json = at(subnet, "properties", {})
    return str(said.get("addressPrefix") or next(iter(at(said, "addressPrefixes", [])), "unknown"))
