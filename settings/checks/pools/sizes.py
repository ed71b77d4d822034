"""VM sizes: they exist, they are large enough, and they have what the pool asks of them."""

from collections.abc import Iterator
from datetime import date

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import limits, regions
from settings.facts.vm_sizes import VmSize
from settings.sections.pools import Pool

# What AKS gives an ephemeral disk without a size; smaller rooms need one.
_EPHEMERAL_GIB = 128


def check(draft: Draft) -> Iterator[Finding]:
    """Yield sizes that are none, too small, or without what the pool needs, and zones where there are none."""
    for path, pool in draft.pools.items():
        try:
            size = VmSize.parse(pool.vm_size)
        except ValueError:
            continue  # the check of the images says so
        found = list(_exists(path, pool, size)) or list(_large_enough(path, pool, size))
        found = found or list(_retired(path, pool, size, draft.context.today))
        yield from found or _disk(path, pool, size)
        if pool.zones and draft.location in regions().without_zones:
            why = f"the region {draft.location} has no availability zones"
            yield Finding(f"{path}.zones", why, "remove the key, or choose a region with zones")


def _exists(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if size.exists:
        return
    place = f"{path}.vmSize"
    if not size.has_its_cpus:
        less = f"no size of its family with {size.constrained} of the vCPUs"
        yield Finding(
            place, f"there is no VM size {pool.vm_size}, and {less}", f"write {_whole(pool.vm_size, size)}"
        )
    elif size.numbers:
        numbers = ", ".join(map(str, size.numbers))
        why = f"there is no VM size {pool.vm_size}: the series {size.series_name} has the sizes {numbers}"
        yield Finding(place, why, f"write {_near(pool.vm_size, size)}")
    else:
        new = "a new series: add its family's version to settings/facts/data/sizes.yaml"
        yield Finding(
            place, f"there are no VM sizes {size.series_name}", f"write one such as Standard_D4ds_v5 ({new})"
        )


def _retired(path: str, pool: Pool, size: VmSize, today: date) -> Iterator[Finding]:
    if size.last_day and today > size.last_day:
        why = (
            f"Azure retired {pool.vm_size} on {size.last_day}, with its whole series, and runs no node of it"
        )
        yield Finding(f"{path}.vmSize", why, "write one of a newer series, such as Standard_D4ds_v5")


def _near(name: str, size: VmSize) -> str:
    numbers = size.numbers or (4,)
    least = next((number for number in numbers if number >= max(size.cpus, 2)), numbers[-1])
    return name.replace(f"{size.family}{size.cpus}", f"{size.family}{least}", 1)


def _whole(name: str, size: VmSize) -> str:
    return name.replace(f"{size.family}{size.cpus}-{size.constrained}", f"{size.family}{size.cpus}", 1)


def _large_enough(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    place, least = f"{path}.vmSize", limits()
    if size.cpus < least["leastCpus"]:
        why = f"AKS takes no nodes with fewer than {least['leastCpus']} vCPUs, and {pool.vm_size} has {size.cpus}"
        yield Finding(place, why, "write a larger one, such as Standard_D4ds_v5")
        return
    system = pool.mode == "System"
    if system and size.is_burstable:
        why = (
            "AKS does not support sizes of the B series for system pools: without credits its own pods starve"
        )
        yield Finding(place, why, "write one such as Standard_D4ds_v5, or `mode: User`")
        return
    memory = least["leastSystemMemoryGiB" if system else "leastMemoryGiB"]
    if size.memory_gib is not None and size.memory_gib < memory:
        why = f"a {'system' if system else 'node'} pool needs {memory} GiB of memory, and {pool.vm_size} has {size.memory_gib:g}"
        yield Finding(place, why, "write a larger one, such as Standard_D4ds_v5")


def _disk(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if pool.os_disk_type != "Ephemeral":
        return
    room, other = size.disk_gib, "choose a size with 'd', such as Standard_D4ds_v5"
    if room is not None and room < limits()["leastOsDisk"]:
        local = f"a local disk of {room} GiB, too small" if room else "no local disk"
        why = f"{pool.vm_size} has {local} for an ephemeral OS disk"
        yield Finding(f"{path}.osDiskType", why, f"remove the key, or {other}")
    elif room is not None and pool.os_disk_gb is None and room < _EPHEMERAL_GIB:
        why = f"an ephemeral OS disk has {_EPHEMERAL_GIB} GiB unless it is told, and {pool.vm_size} has room for {room}"
        yield Finding(f"{path}.osDiskType", why, f"add `osDiskGb: {room}`, or choose a larger size")
    elif pool.os_disk_gb is not None and pool.os_disk_gb > (most := room or limits()["ephemeralDisk"]):
        why = f"{pool.vm_size} has room for an ephemeral OS disk of {most} GiB, and it is to have {pool.os_disk_gb}"
        larger = ", or choose a larger size" if most < limits()["ephemeralDisk"] else ""
        yield Finding(f"{path}.osDiskGb", why, f"write {most} or less{larger}")
