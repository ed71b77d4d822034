"""The version catalog against what Azure offers: the difference, and the catalog as it should be."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from secure_aks_lifecycle.judging.plain import dig
from secure_aks_lifecycle.versions.support import last_day
from secure_aks_lifecycle.versions.version import Minor, Version, minor_text, parse_minor

if TYPE_CHECKING:
    from collections.abc import Iterable

SUPPORT_MONTHS = 12
"""AKS supports a minor for twelve months; the estimate for a minor whose end has not been published here yet."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A minor as Azure offers it in one region."""

    minor: Minor
    patches: tuple[Version, ...]
    preview: bool = False
    lts_only: bool = False


def read_offered(answer: Any) -> list[Offered]:
    """Read the answer of Azure's list of Kubernetes versions. Raises ValueError listing everything wrong with it.

    Missing `isPreview`, `capabilities` and `patchVersions` are normal; a missing or malformed version is not.
    """
    values = dig(answer, "values")
    if not isinstance(values, list) or not values:
        raise ValueError("Azure's answer holds no versions; check the region's name")
    found: list[Offered] = []
    wrong: list[str] = []
    for index, item in enumerate(cast("list[Any]", values)):
        try:
            found.append(_offered(item))
        except (ValueError, TypeError, AttributeError) as error:
            wrong.append(f"values[{index}]: {error}")
    if wrong:
        raise ValueError("Azure's answer cannot be read: " + "; ".join(wrong))
    return sorted(found, key=lambda offered: offered.minor)


def _offered(item: Any) -> Offered:
    if not isinstance(item, dict):
        raise TypeError("is not a mapping")
    patches = cast("dict[str, Any]", dig(item, "patchVersions") or {})
    plans = dig(item, "capabilities", "supportPlan") or ["KubernetesOfficial"]
    return Offered(
        minor=parse_minor(str(dig(item, "version"))),
        patches=tuple(sorted(Version.parse(patch) for patch in patches)),
        preview=bool(dig(item, "isPreview")),
        lts_only="KubernetesOfficial" not in plans,
    )


def refreshed(
    data: dict[str, Any], offered: Iterable[Offered], location: str, on: date
) -> tuple[dict[str, Any], list[str]]:
    """Return the catalog's data brought up to what Azure offers on a day, and each difference in words.

    Only what Azure tells is changed: patches, previews and their end, minors left to LTS. Azure tells no dates of support;
    those of a minor that is new here are estimated, and the difference says so.
    """
    new = copy.deepcopy(data)
    known: dict[Minor, dict[str, Any]] = {parse_minor(item["minor"]): item for item in new["minors"]}
    lines: list[str] = []
    seen: set[Minor] = set()
    for item in offered:
        seen.add(item.minor)
        if item.minor not in known:
            known[item.minor] = _new_minor(item, on)
            lines.append(
                f"+ {minor_text(item.minor)} is new here: its dates are estimated; write AKS's published ones"
            )
        lines.extend(_update(known[item.minor], item, on))
    for minor, entry in known.items():
        if (
            minor not in seen
            and not entry.get("preview")
            and last_day(entry.get("ltsUntil") or entry["endOfLife"]) >= on
        ):
            lines.append(
                f"? {minor_text(minor)} has support here, but {location} does not offer it; nothing is changed"
            )
    new["minors"] = [known[minor] for minor in sorted(known, reverse=True)]
    new["date"] = on
    new["source"] = f"{_published(data['source'])}; versions offered in {location} on {on}"
    return new, lines


def _update(entry: dict[str, Any], item: Offered, on: date) -> list[str]:
    lines: list[str] = []
    name = entry["minor"]
    if entry.get("preview") and not item.preview:
        del entry["preview"]
        entry["ga"] = on
        lines.append(f"~ {name} is generally available; it is dated {on}")
    if item.lts_only and last_day(entry["endOfLife"]) >= on:
        entry["endOfLife"] = on - timedelta(days=1)
        lines.append(f"~ {name} is offered with long-term support only: its support ended before {on}")
    listed = {Version.parse(patch["version"]) for patch in entry.get("patches", ())}
    added = [patch for patch in item.patches if patch not in listed]
    if added:
        news: list[dict[str, Any]] = [{"version": str(patch), "since": on} for patch in added]
        entry["patches"] = sorted(
            [*news, *entry.get("patches", ())],
            key=lambda patch: Version.parse(patch["version"]),
            reverse=True,
        )
        lines.extend(f"+ {patch} is offered" for patch in added)
    newest = max(item.patches, default=None)
    lines.extend(
        f"? {patch} stands here, but Azure offers nothing above {newest}"
        for patch in listed
        if newest and patch > newest
    )
    return lines


def _new_minor(item: Offered, on: date) -> dict[str, Any]:
    end = (on.replace(day=1) + timedelta(days=31 * SUPPORT_MONTHS)).replace(day=1)
    entry: dict[str, Any] = {"minor": minor_text(item.minor), "ga": on, "endOfLife": end.strftime("%Y-%m")}
    return {**entry, "preview": True} if item.preview else entry


def _published(source: str) -> str:
    return source.partition("; versions offered in ")[0]
