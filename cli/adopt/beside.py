"""What Azure keeps beside a cluster and lets into it: extensions, Flux, trusted access, Grafana. Each is told, with the setting that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .found import at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .found import Json

EXTENSIONS, GRAFANA = "2023-05-01", "2024-10-01"
"""API versions of what is listed."""
_INSIDE = "providers/Microsoft.KubernetesConfiguration"
_SETTINGS = {
    "microsoft.flux": "cluster.gitops",
    "microsoft.dataprotection.kubernetes": "cluster.backup",
}
"""The setting that makes an extension, by its type in lower case."""


def beside(listed: Callable[..., tuple[Json, ...]], id_: str, aks: str) -> tuple[Json, ...]:
    """Return what is beside the cluster with this id, as Azure writes it; `listed` takes what, where, and the API version.

    A Grafana belongs to no cluster: it is told where it shows the metrics of some workspace.
    """
    grafanas = listed("managed Grafana", "Microsoft.Dashboard/grafana", GRAFANA)
    return (
        *listed("the extensions", f"{id_}/{_INSIDE}/extensions", EXTENSIONS),
        *listed("what Flux follows", f"{id_}/{_INSIDE}/fluxConfigurations", EXTENSIONS),
        *listed("who has trusted access", f"{id_}/trustedAccessRoleBindings", aks),
        *(one for one in grafanas if _workspaces(one)),
    )


def told(rows: tuple[Json, ...]) -> Iterator[str]:
    """Yield a line for each."""
    for one in rows:
        name, kind = one["name"], str(one["id"]).lower().split("/providers/")[-1].split("/")[-2]
        if kind == "extensions":
            said = str(at(one, "properties.extensionType", "")).lower()
            setting = _SETTINGS.get(said)
            more = (
                f"; a new one is `secure-aks:{setting}`, which Azure refuses beside this one"
                if setting
                else ""
            )
            yield f"the extension `{name}` ({said}) is no part of the stack; it stays as it is{more}"
        elif kind == "fluxconfigurations":
            url = at(one, "properties.gitRepository.url") or at(
                one, "properties.sourceKind", "another source"
            )
            yield (
                f"Flux applies what `{url}` says (the configuration `{name}`); it stays as it is, and no preview judges it: "
                "`inside: now` has the admission policies judge what it applies from then on"
            )
        elif kind == "trustedaccessrolebindings":
            roles = ", ".join(map(str, at(one, "properties.roles", [])))
            source = str(at(one, "properties.sourceResourceId", "another resource"))
            yield f"`{source}` reaches into the cluster as {roles} (the binding `{name}`); it stays as it is"
        else:
            spaces = ", ".join(sorted(space.rpartition("/")[2] for space in _workspaces(one)))
            yield (
                f"the Grafana `{name}` shows the metrics of {spaces}; where the cluster's are among them it goes on doing so, "
                "and `secure-aks:cluster.monitoring.grafana` would make another"
            )


def _workspaces(grafana: Json) -> list[str]:
    rows: list[Json] = at(grafana, "properties.grafanaIntegrations.azureMonitorWorkspaceIntegrations", [])
    return [str(one["azureMonitorWorkspaceResourceId"]) for one in rows]
