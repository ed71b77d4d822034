"""What the name of an Azure VM size says, and what is known of its series."""

import re
from dataclasses import dataclass
from datetime import date

from settings.facts.data_files import (
    Series,
    constrained_families,
    families,
    last_day,
    limits,
    listed_sizes,
    series,
)

_SIZE = re.compile(
    r"Standard_([A-Z]+)(0|[1-9][0-9]{0,3})(?:-([1-9][0-9]{0,2}))?([a-z]*)((?:_[A-Z0-9]+|_xl)*?)(?:_v([1-9][0-9]?))?"
)
# What is behind a number comes in an order: isolated, whose cores, what else, premium storage and networks of their own at the end.
_ORDER = re.compile(r"i?[aep]?[bdilmnortx]*s?r?f?")
_NESTED_SINCE = 3
_GENERATION_2_SINCE = 4
_DISKLESS_SINCE = 5
# Confidential machines boot in a way of their own; of machines with accelerators, the drivers are not signed.
_OTHER_BOOT = re.compile(r"(DC|EC|N|M|H|A|G|NP)[A-Z]*")


@dataclass(frozen=True)
class VmSize:
    """The parts of a name such as Standard_D4ds_v5 (Azure's naming convention for VM sizes)."""

    family: str
    cpus: int
    features: str
    version: int
    suffix: str = ""
    constrained: int | None = None
    """The vCPUs of one that has fewer than its number says."""

    @classmethod
    def parse(cls, name: str) -> "VmSize":
        """Read a name; ValueError when it is not one of a VM size."""
        if not (found := _SIZE.fullmatch(name)):
            raise ValueError(name)
        family, cpus, fewer, features, suffix, version = found.groups()
        # Each letter says one thing, and once; the first version says nothing where nothing else is behind a line.
        if len(set(features)) < len(features) or (version == "1" and not suffix):
            raise ValueError(name)
        return cls(family, int(cpus), features, int(version or 1), suffix, int(fewer) if fewer else None)

    @property
    def exists(self) -> bool:
        """Whether there is, or was, a series of its name, and in one whose numbers are known a size of its number."""
        newest = families().get(self.family, 0)
        if self.version > newest or not self.has_its_cpus:
            return False
        if self.numbers:
            return self.cpus in self.numbers or self.cpus == 1  # too small ones are not listed
        # A new series comes in the newest version.
        is_open = self.version == newest and (newest > 1 or (self.family, 1) not in listed_sizes())
        return self.last_day is not None or (is_open and bool(_ORDER.fullmatch(self.features)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the sizes of its series; none where it is not known."""
        if known := self.series:
            return known.numbers
        return listed_sizes().get((self.family, self.version), {}).get(f"{self.features}{self.suffix}", ())

    @property
    def has_its_cpus(self) -> bool:
        """Whether it has all the vCPUs of its number, or fewer in a family that has such sizes."""
        most = self.cpus * constrained_families().get(self.family, 0)
        return self.constrained is None or self.constrained < most

    @property
    def last_day(self) -> date | None:
        """The last day of its series, where Azure retires it."""
        return last_day(self.family, self.version, f"{self.features}{self.suffix}")

    @property
    def series_name(self) -> str:
        """The name of its series, such as Dds_v5."""
        version = f"_v{self.version}" if self.version > 1 else ""
        return f"{self.family}{self.features}{self.suffix}{version}"

    @property
    def series(self) -> Series | None:
        """What is known of its series; None when that is nothing."""
        return series().get(self.series_name)

    @property
    def memory_gib(self) -> float | None:
        """Its memory; None when it is not known."""
        known = self.series
        return known.memory * self.cpus if known and known.memory else None

    @property
    def disk_gib(self) -> int | None:
        """The room it has for an ephemeral OS disk; None when that is not known."""
        if known := self.series:
            room = known.disk_room(self.cpus)
            return None if room is None else min(room, limits()["ephemeralDisk"])
        diskless = self.version >= _DISKLESS_SINCE and self.family in {"D", "E", "F"}
        return 0 if diskless and "d" not in self.features else None

    @property
    def is_arm(self) -> bool:
        """Whether it has Arm cores."""
        return "p" in self.features

    @property
    def is_burstable(self) -> bool:
        """Whether it has its full speed for a while only."""
        return self.family == "B"

    @property
    def nests(self) -> bool:
        """Whether it runs virtual machines of its own: D and E sizes from v3 with premium storage, x64 (Pod Sandboxing)."""
        return (
            self.family in {"D", "E"}
            and self.version >= _NESTED_SINCE
            and "s" in self.features
            and not self.is_arm
        )

    @property
    def trusts_its_boot(self) -> bool:
        """Whether it boots by Trusted Launch: machines of generation 2, x64, neither confidential nor with accelerators."""
        generation_2 = (
            "s" in self.features or self.family.endswith("S") or self.version >= _GENERATION_2_SINCE
        )
        return generation_2 and not self.is_arm and not _OTHER_BOOT.fullmatch(self.family)
