"""Azure's clouds: the provider asks the one that the region is in, and what a stack file names is of that cloud and offered there."""

import re
from collections.abc import Callable, Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.clouds import PUBLIC, Cloud, cloud_of, clouds
from settings.sections.cluster import Cluster

ENVIRONMENT = "azure-native:environment"
_KEY_HOST = re.compile(r"https://[^./]+\.([^/]+)/")
_ANY_CLOUD = "managedhsm.azure.net"


def _in_vault(cluster: Cluster) -> bool:
    return bool(cluster.backup and cluster.backup.vault_days)


def _behind_endpoint(cluster: Cluster) -> bool:
    grafana = cluster.monitoring.grafana
    return bool(grafana and not grafana.public_access)


NOT_OFFERED: dict[str, Callable[[Cluster], bool]] = {
    "cluster.backup.vaultDays": _in_vault,
    "cluster.monitoring.grafana": _behind_endpoint,
}
"""Whether a cluster asks for what some cloud does not offer, by the setting that asks."""


def asked(location: object, environment: object) -> Iterator[Finding]:
    """Yield a provider that asks another cloud than the one of the region; `environment` is what the stack says of it, if anything."""
    if not isinstance(location, str):
        return
    cloud, said = cloud_of(location), PUBLIC if environment is None else environment
    if said == cloud.name:
        return
    if said not in [*clouds()]:  # which may be of any kind
        why = f"{said!r} is no cloud of Azure's that the provider knows"
    else:
        why = f"{location} is a region of the cloud {cloud.name}, and the provider asks the cloud {said}"
    remedy = "remove the key" if cloud.name == PUBLIC else f"write `{ENVIRONMENT}: {cloud.name}`"
    yield Finding(ENVIRONMENT, why, remedy)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield hosts of another cloud, and what is not offered in this one."""
    if not draft.cluster or draft.location is None:
        return
    cloud, cluster = cloud_of(draft.location), draft.cluster
    if key := cluster.encryption.etcd:
        host = _KEY_HOST.match(key.id)
        if host and host[1] not in {cloud.vaults, _ANY_CLOUD}:
            why = f"{host[1]} is of another cloud than {draft.location}"
            yield Finding(
                "secure-aks:cluster.encryption.etcd.id", why, f"name a key in a vault <name>.{cloud.vaults}"
            )
    zone = cluster.api_server.private_dns_zone
    if zone not in {"system", "none"} and not zone.lower().endswith(f".{cloud.api_servers}"):
        why = f"a private API server in {draft.location} is called by the zone of its own cloud"
        remedy = f"name a zone privatelink.{draft.location}.{cloud.api_servers}"
        yield Finding("secure-aks:cluster.apiServer.privateDnsZone", why, remedy)
    yield from _not_offered(cluster, cloud)


def _not_offered(cluster: Cluster, cloud: Cloud) -> Iterator[Finding]:
    for path, is_said in NOT_OFFERED.items():
        if is_said(cluster) and (found := cloud.not_offered.get(path)):
            yield Finding(f"secure-aks:{path}", f"{found.why} (in the cloud {cloud.name})", found.instead)
