"""What else changes with a minor version: data with a source and a date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.versions.support import first_day
from secure_aks_lifecycle.versions.version import Minor, parse_minor

if TYPE_CHECKING:
    from datetime import date

SHIPPED = Path(__file__).parents[1] / "data" / "changes.yaml"
"""The data file that comes with the pack."""

CONTROL_PLANE, POOL = "control plane", "pool"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that comes with the first step into a minor, which is one `of` a node pool or of the control plane.

    It matters where the pool's OS SKU is among `os_skus` (empty: any) and the cluster uses `uses` (empty: always).
    `breaks` says what stops working (empty: nothing that is known), `instead` what to do before.
    """

    name: str
    minor: Minor
    of: Literal["control plane", "pool"]
    what: str
    instead: str
    breaks: str = ""
    os_skus: frozenset[str] = frozenset()
    uses: str = ""

    def comes_with(self, before: Minor, after: Minor) -> bool:
        """Tell whether a step between these minors brings it."""
        return before < self.minor <= after


@dataclass(frozen=True, slots=True)
class Retired:
    """Something that a cluster may run and that nobody mends after a day, whatever its version: there is `after` it; `instead` says what to use."""

    name: str
    what: str
    ends: date
    after: str
    instead: str
    source: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The data file. `Changes.load()` reads the one that comes with the pack.

    `surge_fallback` is the first minor from which AKS goes on with one extra node when it finds no room for more.
    """

    source: str
    date: date
    surge_fallback: Minor
    changes: tuple[Change, ...]
    retired: tuple[Retired, ...]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Changes:
        """Read the data file. Raises ValueError naming the file when it is of another shape."""
        return _load(path)

    def of_pool(self, before: Minor, after: Minor, os_sku: str) -> list[Change]:
        """List what a pool's step brings for its OS SKU; what depends on the cluster's use is among it."""
        sku = os_sku.lower()
        return [
            one
            for one in self.changes
            if one.of == POOL and one.comes_with(before, after) and (not one.os_skus or sku in one.os_skus)
        ]

    def of_control_plane(self, before: Minor, after: Minor) -> list[Change]:
        """List what a control plane's step brings; what depends on the cluster's use is among it."""
        return [one for one in self.changes if one.of == CONTROL_PLANE and one.comes_with(before, after)]


@lru_cache(maxsize=4)
def _load(path: Path) -> Changes:
    return load_yaml(path, _parse)


def _parse(data: Any) -> Changes:
    return Changes(
        source=data["source"],
        date=first_day(data["date"]),
        surge_fallback=parse_minor(data["surgeFallback"]["firstMinor"]),
        changes=tuple(_change(item) for item in data["changes"]),
        retired=tuple(_retired(item) for item in data["retired"]),
    )


def _retired(item: Any) -> Retired:
    said = {key: item[key] for key in ("name", "what", "after", "instead", "source")}
    return Retired(ends=first_day(item["ends"]), **said)


def _change(item: Any) -> Change:
    when = item.get("when", {})
    return Change(
        name=item["name"],
        minor=parse_minor(item["minor"]),
        of=item["of"],
        what=item["what"],
        instead=item["instead"],
        breaks=item.get("breaks", ""),
        os_skus=frozenset(sku.lower() for sku in when.get("osSkus", ())),
        uses=when.get("uses", ""),
    )
