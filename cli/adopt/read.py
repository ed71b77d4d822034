"""Reading a cluster and what is around it through Azure Resource Manager: GETs alone, the role Reader is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from upgrades.observe.cluster.parts import in_words
from upgrades.observe.errors import AzureError

from .beside import beside
from .found import Found, Inside, at
from .sections.pools import is_sayable
from .spelling import spelt

if TYPE_CHECKING:
    from collections.abc import Callable

    from upgrades.observe.azure.reader import Azure

    from .found import Json

AKS, INSIGHTS, NETWORK, ROLES, LOCKS = (
    "2025-09-01",
    "2021-05-01-preview",
    "2024-05-01",
    "2022-04-01",
    "2020-05-01",
)
"""API versions of what is listed."""
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"


class NotAClusterError(ValueError):
    """The id is not that of a managed cluster."""


def subscription_of(id_: str) -> str:
    """Return the subscription in a cluster's resource id. Raises NotAClusterError."""
    parts = id_.strip("/").split("/")
    kinds = [part.lower() for part in parts[::2]]
    if kinds != ["subscriptions", "resourcegroups", "providers", "managedclusters"]:
        raise NotAClusterError(
            f"{id_!r} is not the resource id of a cluster; print it: az aks show --resource-group <group> --name <cluster> "
            "--query id --output tsv"
        )
    return parts[1]


def read(azure: Azure, id_: str, inside: Callable[[], Inside] | None = None) -> Found:
    """Return the cluster with all that belongs to it. Raises AzureError when the cluster itself cannot be read.

    `inside` reads the API server; what it raises is told, and nothing else ends for it.
    """
    _, _, _, group, *_, name = id_.strip("/").split("/")
    cluster = _spelt("cluster", azure.cluster(group, name))
    pools = [_spelt("pool", pool) for pool in azure.pools(group, name)]
    id_ = str(cluster["id"])
    unread: dict[str, str] = {}

    def listed(what: str, path: str, version: str, **query: str) -> tuple[Json, ...]:
        try:
            return tuple(azure.listed(path, version, **query))
        except AzureError as error:
            unread[what] = str(error)
            return ()

    subnets, spaces = _network(azure, cluster, pools, unread)
    scope = f"/subscriptions/{azure.subscription}"
    roles = listed("the role assignments", f"{id_}/providers/Microsoft.Authorization/roleAssignments", ROLES)
    kubelet = at(cluster, "properties.identityProfile.kubeletidentity.objectId")
    pulls = (
        listed(
            "what the nodes' identity may do",
            f"{scope}/providers/Microsoft.Authorization/roleAssignments",
            ROLES,
            **{"$filter": f"principalId eq '{kubelet}'"},
        )
        if kubelet
        else ()
    )
    return Found(
        id=id_,
        cluster=cluster,
        pools=tuple(pool for pool in pools if is_sayable(pool)),
        elsewhere=tuple(pool for pool in pools if not is_sayable(pool)),
        windows=listed("the maintenance windows", f"{id_}/maintenanceConfigurations", AKS),
        diagnostics=listed(
            "the diagnostic settings", f"{id_}/providers/Microsoft.Insights/diagnosticSettings", INSIGHTS
        ),
        subnets=subnets,
        spaces=spaces,
        roles=tuple(role for role in roles if str(at(role, "properties.scope")).lower() == id_.lower()),
        pulls=pulls,
        locks=listed("the locks", f"{id_}/providers/Microsoft.Authorization/locks", LOCKS),
        beside=beside(listed, id_, AKS),
        inside=_inside(inside, unread),
        unread=unread,
    )


def _spelt(kind: Literal["cluster", "pool"], one: Json) -> Json:
    return spelt(kind, {**one, "properties": spelt(kind, one["properties"])})


def _inside(ask: Callable[[], Inside] | None, unread: dict[str, str]) -> Inside | None:
    if ask is None:
        unread["what is inside the cluster"] = "no --kubeconfig was given"
        return None
    try:
        return ask()
    except Exception as error:  # noqa: BLE001  # a client that cannot get in, whatever the reason, is a word on the page
        unread["what is inside the cluster"] = in_words(error)
        return None


def _network(
    azure: Azure, cluster: Json, pools: list[Json], unread: dict[str, str]
) -> tuple[dict[str, Json], dict[str, list[str]]]:
    """Return the subnets that the cluster is in, and the address spaces of their networks."""
    named = [at(pool, "properties.vnetSubnetID") for pool in pools]
    named.append(at(cluster, "properties.apiServerAccessProfile.subnetId"))
    subnets: dict[str, Json] = {}
    spaces: dict[str, list[str]] = {}
    for network in sorted({str(id_).rpartition("/subnets/")[0] for id_ in named if id_}):
        try:
            for subnet in azure.listed(f"{network}/subnets", NETWORK):
                subnets[str(subnet["id"])] = subnet
            around = azure.listed(network.rpartition("/")[0], NETWORK)
            found = next(one for one in around if str(one["id"]).lower() == network.lower())
            spaces[str(found["id"])] = list(at(found, "properties.addressSpace.addressPrefixes", []))
        except (AzureError, StopIteration) as error:
            unread[f"the network {network.rpartition('/')[2]}"] = (
                str(error) or "it is not in its resource group"
            )
    return subnets, spaces
