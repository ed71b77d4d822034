"""What the machines of a pool have beside what every pool here has.

Source: AKS documentation, "Custom node configuration", "Use NVIDIA GPUs", "LocalDNS", "Capacity reservation groups", "Dedicated hosts",
"Scale-down mode" (August 2026).
"""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.vm_sizes import VmSize
from settings.sections.machines.kubelet import Kubelet
from settings.sections.machines.local_dns import LocalDns
from settings.sections.pools import Pool

_WINDOWS_KUBELET = {"images_from_percent", "images_to_percent", "log_megabytes", "log_files"}
_PARTS = ("A100", "H100", "H200")
_LOCAL_DNS_SINCE, _LOCAL_DNS_CPUS = 31, 4
_IMAGES_FROM, _IMAGES_TO = 85, 80


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what the pool's size, system or priority has not."""
    for path, pool in draft.pools.items():
        if pool.kubelet:
            yield from _kubelet(f"{path}.kubelet", pool, pool.kubelet)
        if pool.linux and not pool.is_linux:
            yield Finding(f"{path}.linux", "the nodes run Windows", "remove it, or write `osType: Linux`")
        try:
            size = VmSize.parse(pool.vm_size)
        except ValueError:
            continue  # the check of the images says so
        yield from _gpu(f"{path}.gpu", pool, size)
        if pool.local_dns:
            yield from _local_dns(f"{path}.localDns", pool, size)
            yield from _zones(f"{path}.localDns", pool.local_dns)
        yield from _temporary_disk(path, pool, size)
        yield from _nodes(f"{path}.nodes", pool)
        yield from _placement(f"{path}.placement", pool, draft)


def _kubelet(path: str, pool: Pool, kubelet: Kubelet) -> Iterator[Finding]:
    for name in kubelet.model_fields_set - (
        _WINDOWS_KUBELET if not pool.is_linux else kubelet.model_fields_set
    ):
        key = type(kubelet).model_fields[name].alias or name
        yield Finding(f"{path}.{key}", "the kubelet of Windows nodes has no such setting", "remove it")
    low = _IMAGES_TO if kubelet.images_to_percent is None else kubelet.images_to_percent
    high = _IMAGES_FROM if kubelet.images_from_percent is None else kubelet.images_from_percent
    if low >= high:
        key = "imagesFromPercent" if kubelet.images_to_percent is None else "imagesToPercent"
        why = f"images go from {high} % down to {low} %, which is no less"
        yield Finding(
            f"{path}.{key}", why, "write imagesToPercent below imagesFromPercent (85 and 80 unless set)"
        )


def _gpu(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if not pool.gpu:
        return
    if not size.family.startswith("N") or size.family == "NP":
        why = f"{pool.vm_size} has no GPU"
        yield Finding(path, why, "remove it, or choose a size such as Standard_NC24ads_A100_v4")
    elif pool.gpu.partition and not any(card in size.suffix for card in _PARTS):
        why = f"only the GPUs {', '.join(_PARTS)} are cut into parts, and {pool.vm_size} has none of them"
        yield Finding(
            f"{path}.partition", why, "remove it, or choose a size such as Standard_NC24ads_A100_v4"
        )
    if pool.os_sku == "AzureLinuxOSGuard":
        yield Finding(path, "AzureLinuxOSGuard has no GPU drivers", "write `osSku: AzureLinux`, or remove it")


def _local_dns(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if not pool.is_linux:
        yield Finding(path, "Windows nodes have no LocalDNS", "remove it")
    if pool.version.minor < (1, _LOCAL_DNS_SINCE):
        yield Finding(path, f"there is LocalDNS from 1.{_LOCAL_DNS_SINCE} on", "raise the version first")
    if size.cpus < _LOCAL_DNS_CPUS:
        why = f"LocalDNS needs {_LOCAL_DNS_CPUS} vCPUs, and {pool.vm_size} has {size.cpus}"
        yield Finding(path, why, "choose a larger size, or remove it")


def _zones(path: str, local_dns: LocalDns) -> Iterator[Finding]:
    for key, zones in (("vnet", local_dns.vnet), ("cluster", local_dns.cluster)):
        for name, zone in zones.items():
            place = f"{path}.{key}.{name}"
            wrong = {
                ("vnet", "."): "ClusterCoreDNS",
                ("vnet", "cluster.local"): "VnetDNS",
                ("cluster", "cluster.local"): "VnetDNS",
            }
            if zone.forward_to and zone.forward_to == wrong.get((key, name)):
                other = "VnetDNS" if zone.forward_to == "ClusterCoreDNS" else "ClusterCoreDNS"
                why = f"AKS lets nobody forward {name} to {zone.forward_to}"
                yield Finding(f"{place}.forwardTo", why, f"write {other}")
            if zone.protocol == "ForceTCP" and zone.stale == "Verify":
                why = "AKS verifies no old answers over TCP"
                yield Finding(f"{place}.stale", why, "write `stale: Immediate`, or `protocol: PreferUDP`")


def _temporary_disk(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if size.disk_gib != 0:
        return
    if pool.linux and pool.linux.swap_megabytes:
        why = f"a swap file lies on the temporary disk, and {pool.vm_size} has none"
        yield Finding(f"{path}.linux.swapMegabytes", why, "remove it, or choose a size with a 'd'")
    if pool.nodes.kubelet_disk == "Temporary":
        why = f"{pool.vm_size} has no temporary disk"
        yield Finding(f"{path}.nodes.kubeletDisk", why, "remove it, or choose a size with a 'd'")


def _nodes(path: str, pool: Pool) -> Iterator[Finding]:
    nodes = pool.nodes
    if nodes.ultra_disks and not pool.zones:
        why = "machines with ultra disks stand in zones, and the pool names none"
        yield Finding(f"{path}.ultraDisks", why, "add `zones`, or remove it")
    if nodes.outbound_nat is not None and pool.is_linux:
        yield Finding(f"{path}.outboundNat", "it is about Windows pods", "remove it")
    if nodes.scale_down == "Deallocate" and pool.os_disk_type == "Ephemeral":
        why = "a node that is deallocated keeps its OS disk, and an ephemeral one cannot be kept"
        yield Finding(f"{path}.scaleDown", why, "remove it, or write `osDiskType: Managed`")


def _placement(path: str, pool: Pool, draft: Draft) -> Iterator[Finding]:
    place = pool.placement
    keys = {
        "capacityReservationGroup": place.capacity_reservation_group,
        "hostGroup": place.host_group,
    }
    for key, id_ in keys.items():
        if id_ and draft.cluster and not draft.cluster.identity:
            why = "AKS takes machines from it by an identity with the role Contributor on its resource group, given beforehand"
            remedy = "add `identity` with the id of such an identity under secure-aks:cluster"
            yield Finding(f"{path}.{key}", why, remedy)
        if id_ and pool.is_spot:
            why = "spot machines are what nobody has reserved"
            yield Finding(f"{path}.{key}", why, "remove it, or write `priority: Regular`")
    if place.host_group and place.capacity_reservation_group:
        why = "machines come from hosts of yours, or from a reservation"
        yield Finding(f"{path}.hostGroup", why, "keep one of the two")
    if place.proximity_placement_group and len(pool.zones) > 1:
        why = f"machines that stand together stand in one zone, and these are {len(pool.zones)}"
        yield Finding(f"{path}.proximityPlacementGroup", why, "name one zone, or remove it")
