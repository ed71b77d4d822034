"""The versions AKS offers and how long it supports them: data with a source and a date, never code.

An end of life given as a month means the last day of that month.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.facts.data_file import load_yaml
from secure_aks_lifecycle.versions.support import (
    GENERALLY_AVAILABLE,
    SUPPORTED_LTS_PATCHES,
    Support,
    ending,
    first_day,
    last_day,
)
from secure_aks_lifecycle.versions.version import Minor, Version, minors_between, parse_minor

if TYPE_CHECKING:
    from datetime import date

__all__ = ["SHIPPED", "Catalog", "MinorRelease", "OsImage", "Patch", "Support", "Version"]

SHIPPED = Path(__file__).parents[1] / "data" / "catalog.yaml"
"""The catalog that comes with the pack."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch version that AKS offers, and the day of the release notes that announced it."""

    version: Version
    since: date


@dataclass(frozen=True, slots=True)
class MinorRelease:
    """A minor version: generally available from `ga`, supported to `end_of_life`, with LTS to `lts_until`."""

    minor: Minor
    ga: date
    end_of_life: date
    lts_until: date | None
    preview: bool
    patches: tuple[Patch, ...]

    def available(self, on: date) -> bool:
        """Tell whether AKS offers it as generally available on that day."""
        return not self.preview and self.ga <= on

    def last(self, *, lts: bool) -> date:
        """Return its last day of support, where long-term support is bought or not."""
        return (lts and self.lts_until) or self.end_of_life


@dataclass(frozen=True, slots=True)
class OsImage:
    """The OS version behind an OS SKU for a range of minors (both ends included), and its last day of support.

    An OS SKU such as Ubuntu has several: its OS version changes with the Kubernetes minor.
    """

    sku: str
    os_type: str
    os: str
    first_minor: Minor | None
    last_minor: Minor | None
    end_of_life: date | None
    instead: str

    def fits(self, minor: Minor) -> bool:
        """Tell whether nodes of that minor can run it."""
        return (self.first_minor is None or self.first_minor <= minor) and (
            self.last_minor is None or minor <= self.last_minor
        )


@dataclass(frozen=True, slots=True)
class Catalog:
    """The version catalog. `Catalog.load()` reads the one that comes with the pack."""

    source: str
    date: date
    minors: tuple[MinorRelease, ...]
    os_images: tuple[OsImage, ...]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Catalog:
        """Read a catalog file. Raises ValueError naming the file when it is not one."""
        return _load(path)

    @classmethod
    def parse(cls, data: Any) -> Catalog:
        """Make a catalog from plain data. Raises KeyError, TypeError or ValueError for data of another shape."""
        return cls(
            source=data["source"],
            date=first_day(data["date"]),
            minors=tuple(
                sorted((_minor(item) for item in data["minors"]), key=lambda release: release.minor)
            ),
            os_images=tuple(_os_image(item) for item in data["osImages"]),
        )

    def release(self, minor: Minor) -> MinorRelease | None:
        """Return what is known about a minor; None when it is not in the catalog."""
        return next((release for release in self.minors if release.minor == minor), None)

    def images(self, sku: str) -> tuple[OsImage, ...]:
        """Return every OS version of an OS SKU; none when the SKU is not in the catalog."""
        return tuple(image for image in self.os_images if image.sku.lower() == sku.lower())

    def newest(self, on: date) -> MinorRelease | None:
        """Return the newest minor that is generally available on that day."""
        return max(
            (r for r in self.minors if r.available(on)), key=lambda release: release.minor, default=None
        )

    def newest_patch(self, minor: Minor, on: date) -> Patch | None:
        """Return the newest patch of a minor announced by that day."""
        release = self.release(minor)
        patches = release.patches if release else ()
        return max((p for p in patches if p.since <= on), key=lambda patch: patch.version, default=None)

    def support(self, version: Version, on: date, *, lts: bool = False) -> Support:
        """Return the support of a version on a day; `lts` says that the cluster has bought long-term support.

        A minor above the newest one listed, or a patch above the newest one listed, is unknown: the catalog is older than it.
        A patch of a minor whose support is over has none, however new it is.
        So is a minor that is older than all that are listed, of which the catalog tells nothing any more, and a preview whose
        general availability was announced for a day that has come since the catalog was written.
        In long-term support only the two newest patches of a minor are supported (AKS, "Long-term support").
        """
        release = self.release(version.minor)
        if release is None or (any_above(version, release) and on <= release.last(lts=lts)):
            return Support("unknown")
        if not release.available(on):
            return Support("unknown" if was_preview(release, self, on) else "preview")
        if on <= release.end_of_life:
            return ending("supported", release.last(lts=lts), on)
        if lts and release.lts_until and (found := long_term(version, release, release.lts_until, on)):
            return found
        newest = self.newest(on)
        if newest and minors_between(release.minor, newest.minor) <= GENERALLY_AVAILABLE:
            return Support("platform", release.end_of_life, (release.end_of_life - on).days)
        return ending("ended", release.end_of_life, on)

    def age_days(self, on: date) -> int:
        """Return how many days old the catalog is."""
        return (on - self.date).days


def long_term(version: Version, release: MinorRelease, until: date, on: date) -> Support | None:
    """Return the long-term support of a version; None when that is over and no newer patches took it away before."""
    ended = superseded(version, release, on)
    if on <= until:
        return ended or ending("lts", until, on)
    return replace(ended, newer=None) if ended else None  # the newer patches have ended by then too


def superseded(version: Version, release: MinorRelease, on: date) -> Support | None:
    """Return the end of a patch's long-term support, which two newer ones took from it; None when they did not."""
    newer = sorted((patch for patch in release.patches if patch.since <= on), key=lambda one: one.version)
    later = [patch for patch in newer if patch.version > version]
    if len(later) < SUPPORTED_LTS_PATCHES:
        return None
    ended = max(sorted(patch.since for patch in later)[1], release.end_of_life)
    return Support("ended", ended, (ended - on).days, later[-1].version)


def is_newer(version: Version, catalog: Catalog, on: date) -> bool:
    """Tell whether a version is one that came after the catalog was written: a newer patch, a newer minor, a preview that has ended."""
    release = catalog.release(version.minor)
    if release is not None:
        return any_above(version, release) or was_preview(release, catalog, on)
    return version.minor > max(one.minor for one in catalog.minors)


def was_preview(release: MinorRelease, catalog: Catalog, on: date) -> bool:
    """Tell whether a preview may have become generally available since the catalog was written, as was announced."""
    return release.preview and catalog.date < release.ga <= on


def any_above(version: Version, release: MinorRelease) -> bool:
    """Tell whether a patch is above every one the catalog lists for its minor."""
    return bool(release.patches) and all(patch.version < version for patch in release.patches)


@lru_cache(maxsize=4)
def _load(path: Path) -> Catalog:
    return load_yaml(path, Catalog.parse)


def _minor(item: Any) -> MinorRelease:
    until = item.get("ltsUntil")
    return MinorRelease(
        minor=parse_minor(item["minor"]),
        ga=first_day(item["ga"]),
        end_of_life=last_day(item["endOfLife"]),
        lts_until=last_day(until) if until else None,
        preview=item.get("preview", False),
        patches=tuple(
            Patch(Version.parse(p["version"]), first_day(p["since"])) for p in item.get("patches", ())
        ),
    )


def _os_image(item: Any) -> OsImage:
    first, last, ends = item.get("firstMinor"), item.get("lastMinor"), item.get("endOfLife")
    return OsImage(
        sku=item["sku"],
        os_type=item["osType"],
        os=item["os"],
        first_minor=parse_minor(first) if first else None,
        last_minor=parse_minor(last) if last else None,
        end_of_life=last_day(ends) if ends else None,
        instead=item.get("instead", ""),
    )
