"""A full Kubernetes version."""

import re
from dataclasses import dataclass

_FULL = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


@dataclass(frozen=True, order=True)
class Version:
    """A full version x.y.z, ordered."""

    x: int
    y: int
    z: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read "x.y.z"; ValueError when it is anything else."""
        if not (found := _FULL.fullmatch(text)):
            raise ValueError(text)
        return cls(*map(int, found.groups()))

    @property
    def minor(self) -> tuple[int, int]:
        """The minor, such as (1, 35)."""
        return self.x, self.y

    def __str__(self) -> str:
        return f"{self.x}.{self.y}.{self.z}"
