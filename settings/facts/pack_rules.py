"""The rules of the policy packs, by name."""

from dataclasses import dataclass
from functools import cache

from secure_aks_lifecycle.facts.data_file import load_yaml

from settings.facts.data_files import FOLDER

PACKS = ("security", "lifecycle")


@dataclass(frozen=True)
class PackRules:
    """A pack's rules: those that judge unless told otherwise, those that do so only when told, and of the first those that stop an `up`."""

    on: frozenset[str]
    off: frozenset[str]
    stopping: frozenset[str]

    @property
    def every(self) -> frozenset[str]:
        """All of them."""
        return self.on | self.off


@cache
def pack_rules() -> dict[str, PackRules]:
    """Return the rules by pack."""
    return load_yaml(
        FOLDER / "rules.yaml",
        lambda data: {
            pack: PackRules(*(frozenset(data[pack][kind]) for kind in ("judging", "silent", "stopping")))
            for pack in PACKS
        },
    )
