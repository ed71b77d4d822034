"""What the data files beside this one say, each with its source and date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from secure_aks_lifecycle.facts.data_file import load_yaml

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Reserved:
    """A range that nobody may use, and why."""

    network: IPv4Network
    why: str


@dataclass(frozen=True)
class Regions:
    """Azure's regions, and those of them that are known to have or to lack availability zones."""

    names: frozenset[str]
    without_zones: frozenset[str]


@dataclass(frozen=True)
class Series:
    """A series of VM sizes: the numbers its sizes have, memory and room for an ephemeral disk in GiB a vCPU (None: not known)."""

    numbers: tuple[int, ...]
    memory: float | None
    disk: float | None
    exact: Mapping[int, int]

    def disk_room(self, number: int) -> int | None:
        """Return the room for an ephemeral OS disk of a size of the series, in GiB."""
        if number in self.exact:
            return self.exact[number]
        return None if self.disk is None else int(self.disk * number)


@cache
def limits() -> dict[str, int]:
    """Return the limits of a cluster by name."""
    return {key: value for key, value in read("limits").items() if isinstance(value, int)}


def longest_pool_name(os_type: str) -> int:
    """Return how many characters the name of a pool of this OS may have."""
    return limits()["windowsPoolName" if os_type == "Windows" else "poolName"]


@cache
def regions() -> Regions:
    """Return the regions."""
    data = read("regions")
    names = [*data["withZones"], *data["withoutZones"], *data["unknownZones"]]
    return Regions(frozenset(names), frozenset(data["withoutZones"]))


@cache
def ranges(kind: str) -> tuple[Reserved, ...]:
    """Return the ranges of a kind: `reserved` for everybody, or `private`."""
    return tuple(Reserved(IPv4Network(item["cidr"]), item["why"]) for item in read("ranges")[kind])


@cache
def service_subnets() -> frozenset[str]:
    """Return the names of subnets, in lower case, that are Azure's own services'."""
    return frozenset(name.lower() for name in read("ranges")["subnets"])


@cache
def series() -> dict[str, Series]:
    """Return the series of VM sizes by name, such as Dds_v5."""
    return {
        name: Series(tuple(item["numbers"]), item.get("memory"), item.get("disk"), item.get("exact", {}))
        for name, item in read("sizes")["series"].items()
    }


@cache
def families() -> dict[str, int]:
    """Return the families of VM sizes, such as D, with the newest version of each."""
    return dict(read("sizes")["families"])


@cache
def listed_sizes() -> dict[tuple[str, int], dict[str, tuple[int, ...]]]:
    """Return the numbers of the sizes that Azure lists: by family and version, by what is behind the number."""
    found = {
        (family, version): {"" if kind == "none" else kind: tuple(numbers) for kind, numbers in kinds.items()}
        for family, versions in read("sizes")["listed"].items()
        for version, kinds in versions.items()
    }
    for item in read("sizes")["retired"]:
        found.setdefault((item["family"], item["version"]), {})
    return found


@cache
def constrained_families() -> dict[str, int]:
    """Return the families that have sizes with fewer vCPUs than their number says, with the vCPUs of one of the number."""
    return dict(read("sizes")["constrained"])


def last_day(family: str, version: int, kind: str) -> date | None:
    """Return the last day of a retired kind of VM sizes; None for one that Azure has not announced to retire."""
    for item in read("sizes")["retired"]:
        kinds = item.get("kinds")
        if (item["family"], item["version"]) == (family, version) and (
            kinds is None or kind in kinds.split()
        ):
            return date.fromisoformat(str(item["last"]))
    return None


@cache
def read(name: str) -> dict[str, Any]:
    """Return the content of a data file by its name, with its source and date."""

    def parse(data: Any) -> dict[str, Any]:
        return {"source": data["source"], "date": data["date"], **data}

    return load_yaml(FOLDER / f"{name}.yaml", parse)


@cache
def sysctls() -> Mapping[str, tuple[int, int]]:
    """Return the sysctls that a pool may set by name, each with its least and its most."""
    return {name: (least, most) for name, (least, most) in read("sysctls")["sysctls"].items()}
