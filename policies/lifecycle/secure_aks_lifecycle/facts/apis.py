"""Which Kubernetes API versions are deprecated or removed, and what to use instead: data with a source and a date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.versions.support import first_day
from secure_aks_lifecycle.versions.version import Minor, parse_minor

if TYPE_CHECKING:
    from datetime import date

SHIPPED = Path(__file__).parents[1] / "data" / "apis.yaml"
"""The data file that comes with the pack."""


@dataclass(frozen=True, slots=True)
class OldApi:
    """An API version of some kinds: deprecated from one minor on, not served from `removed` on (None: not planned).

    `instead` lists API versions to use with the minor from which each is served, the best first.
    """

    api: str
    kinds: frozenset[str]
    deprecated: Minor
    removed: Minor | None
    instead: tuple[tuple[str, Minor], ...]
    note: str

    def covers(self, api: str, kind: str) -> bool:
        """Tell whether it is about that kind in that API version; `*` stands for every kind."""
        return api == self.api and (
            kind in self.kinds or kind.removesuffix("List") in self.kinds or "*" in self.kinds
        )

    def use(self, target: Minor) -> str:
        """Say what to use on a cluster of that minor."""
        served = next((api for api, since in self.instead if since <= target), None)
        parts = [served] if served else []
        parts += [f"({self.note})" if parts else self.note] if self.note else []
        return (
            "use " + " ".join(parts)
            if parts
            else "nothing replaces it on that version: upgrade first, or remove the resource"
        )


@dataclass(frozen=True, slots=True)
class OldApis:
    """The data file. `OldApis.load()` reads the one that comes with the pack."""

    source: str
    date: date
    newest_minor: Minor
    apis: tuple[OldApi, ...]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> OldApis:
        """Read the data file. Raises ValueError naming the file when it is of another shape."""
        return _load(path)

    def find(self, api: str, kind: str) -> OldApi | None:
        """Return what is known about a kind in an API version; None when it is neither deprecated nor removed."""
        return next((old for old in self.apis if old.covers(api, kind)), None)


@lru_cache(maxsize=4)
def _load(path: Path) -> OldApis:
    return load_yaml(path, _parse)


def _parse(data: Any) -> OldApis:
    return OldApis(
        source=data["source"],
        date=first_day(data["date"]),
        newest_minor=parse_minor(data["newestMinor"]),
        apis=tuple(_old_api(item) for item in data["apis"]),
    )


def _old_api(item: Any) -> OldApi:
    removed = item.get("removed")
    return OldApi(
        api=item["api"],
        kinds=frozenset(item["kinds"]),
        deprecated=parse_minor(item["deprecated"]),
        removed=parse_minor(removed) if removed else None,
        instead=tuple((other["api"], parse_minor(other["since"])) for other in item.get("instead", ())),
        note=item.get("note", ""),
    )
