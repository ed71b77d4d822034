"""What the name of an Azure VM size says."""

import re
from dataclasses import dataclass

_SIZE = re.compile(r"Standard_([A-Z]+)([0-9]+)(?:-[0-9]+)?([a-z]*)(?:_[A-Z0-9]+)*?(?:_v([0-9]+))?")
_NESTED_SINCE = 3


@dataclass(frozen=True)
class VmSize:
    """The parts of a name such as Standard_D4ds_v5 (Azure's naming convention for VM sizes)."""

    family: str
    cpus: int
    features: str
    version: int

    @classmethod
    def parse(cls, name: str) -> "VmSize":
        """Read a name; ValueError when it is not one of a VM size."""
        if not (found := _SIZE.fullmatch(name)):
            raise ValueError(name)
        family, cpus, features, version = found.groups()
        return cls(family, int(cpus), features, int(version or 1))

    @property
    def is_arm(self) -> bool:
        """Whether it has Arm cores."""
        return "p" in self.features

    @property
    def nests(self) -> bool:
        """Whether it runs virtual machines of its own: D and E sizes from v3 with premium storage, x64 (Pod Sandboxing)."""
        return (
            self.family in {"D", "E"}
            and self.version >= _NESTED_SINCE
            and "s" in self.features
            and not self.is_arm
        )
