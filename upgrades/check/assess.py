"""How a cluster stands on a day, by the version catalog and by what Azure offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades import typed
from upgrades.gates.base import Verdict
from upgrades.model.clusters import CONTROL_PLANE
from upgrades.plan.rollback import outside

from .values import (
    CATALOG_DAYS,
    ENDED,
    ENDING,
    HELD_BACK,
    NEWER_IMAGE,
    NEWER_PATCH,
    NOT_READY,
    ROLLED_BACK,
    UNTOLD,
    Finding,
    Line,
    Report,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version

    from upgrades.gates.base import Result
    from upgrades.model.clusters import Cluster
    from upgrades.model.steps import Plan

    from .values import Observed


def assess(  # noqa: PLR0913, PLR0917 - each is a separate input of the judgement
    observed: Observed,
    following: Plan | None,
    gates: Sequence[Result] | None,
    catalog: Catalog,
    on: date,
    within: int,
) -> Report:
    """Return how a cluster stands. `following` is its next plan (`upcoming`), `gates` those before its first step."""
    lines = tuple(_lines(observed, catalog, on))
    findings = [finding for line in lines for finding in _support(line, catalog, within)]
    findings += [finding for line in lines for finding in _newer(line, observed.cluster)]
    findings += [
        Finding(UNTOLD, "", f"{what} could not be read: {why}", "mend the access, and check again")
        for what, why in observed.unread.items()
    ]
    findings += [*_catalog(catalog, on), *_rolled_back(observed), *_held(following)]
    findings += [*_in_the_way(gates or ()), *_unknown(gates or ())]
    steps = following.steps if following else ()
    return Report(
        observed,
        lines,
        tuple(findings),
        step=steps[0] if steps else None,
        blockers=following.blockers if following else (),
        gates=None if gates is None else tuple(gates),
    )


def _in_the_way(gates: Sequence[Result]) -> Iterator[Finding]:
    for result in gates:
        if result.stops and result.verdict is not Verdict.UNKNOWN:
            for item in result.findings:
                said = f"{result.code} {result.title}: {item.resource} {item.why}"
                # A gate speaks to a rollout that stands before it; here there may be none.
                yield Finding(NOT_READY, "", said, item.remedy.replace("`resume` when", "check again when"))


def _unknown(gates: Sequence[Result]) -> Iterator[Finding]:
    """Yield what could not be read for the gates that a step needs: once for each reason, with the codes of those that wait for it."""
    found: dict[str, list[str]] = {}
    for result in gates:
        if result.stops and result.verdict is Verdict.UNKNOWN:
            for item in result.findings:
                found.setdefault(item.why, []).append(result.code)
    for why, codes in found.items():
        names = ", ".join(dict.fromkeys(codes))
        yield Finding(UNTOLD, "", f"not known: {why}", f"then these gates can tell: {names}")


def _catalog(catalog: Catalog, on: date) -> Iterator[Finding]:
    """Tell of a catalog that is too old to tell anything: what it calls supported may have ended, what it calls newest not be it."""
    age = catalog.age_days(on)
    if age > CATALOG_DAYS:
        yield Finding(
            UNTOLD,
            "",
            f"the version catalog of {catalog.date} is {age} days old, so that support and newer versions cannot be told from it",
            f"refresh the catalog: {typed.refresh_catalog()}",
        )


def _rolled_back(observed: Observed) -> Iterator[Finding]:
    if observed.recorded is None:
        return
    cluster = observed.cluster
    for one in outside(observed.recorded, {pool.name: pool.version for pool in cluster.pools}):
        yield Finding(ROLLED_BACK, one.pool, one.words, one.remedy(cluster.stack))


def _held(following: Plan | None) -> Iterator[Finding]:
    for note in following.notes if following else ():
        said, _, remedy = note.rpartition("; ")
        yield Finding(HELD_BACK, "", said or note, remedy if said else "nothing has to be done now")


def _lines(observed: Observed, catalog: Catalog, on: date) -> Iterator[Line]:
    cluster = observed.cluster
    for target, version in (
        (CONTROL_PLANE, cluster.control_plane),
        *((pool.name, pool.version) for pool in cluster.pools),
    ):
        yield Line(
            target,
            version,
            catalog.support(version, on, lts=cluster.lts),
            _newest(observed, target, version, catalog, on),
            observed.images.get(target, ""),
            observed.newest_images.get(target, ""),
        )


def _newest(observed: Observed, target: str, version: Version, catalog: Catalog, on: date) -> Version | None:
    """Return the newest patch of the version's minor: of what Azure offers, where it was asked, else of those of the catalog that have support."""
    lts = observed.cluster.lts
    patch = catalog.newest_patch(version.minor, on)
    has_support = patch and catalog.support(patch.version, on, lts=lts).state not in {"ended", "platform"}
    known = {patch.version} if patch and has_support else set[type(version)]()
    offered = observed.offered.get(target)
    if offered is not None:
        known = {one for one in offered if one.minor == version.minor}
    return max({*known, version})


def _support(line: Line, catalog: Catalog, within: int) -> Iterator[Finding]:
    support, runs = line.support, f"{line.target} runs {line.version}"
    if support.state in {"ended", "platform"}:
        left = " (platform support only)" if support.state == "platform" else ""
        left = left or (
            " (in long-term support only the two newest patches have it)" if support.newer else ""
        )
        yield Finding(
            ENDED,
            line.target,
            f"{runs}, whose support ended on {support.ends}{left}",
            "upgrade it",
        )
    elif (
        support.state in {"supported", "lts"}
        and support.days_left is not None
        and support.days_left <= within
    ):
        yield Finding(
            ENDING,
            line.target,
            f"{runs}, whose support ends on {support.ends}, in {support.days_left} days",
            "plan the upgrade now",
        )
    elif support.state == "unknown":
        yield Finding(
            UNTOLD,
            line.target,
            f"{runs}, which the version catalog of {catalog.date} does not list",
            f"refresh the catalog: {typed.refresh_catalog()}",
        )
    elif support.state == "preview":
        yield Finding(
            ENDED, line.target, f"{runs}, a preview, which has no support", "move it to a released version"
        )


def _newer(line: Line, cluster: Cluster) -> Iterator[Finding]:
    is_held = line.newest in cluster.held.get(line.target, ())  # nobody takes what it was rolled back from
    if line.newest and line.newest > line.version and not is_held:
        yield Finding(
            NEWER_PATCH,
            line.target,
            f"{line.target} runs {line.version}, and {line.newest} is out",
            "take it",
        )
    if line.image and line.newest_image and line.image != line.newest_image:
        yield Finding(
            NEWER_IMAGE,
            line.target,
            f"{line.target} runs node image {line.image}, and {line.newest_image} is out",
            "let the node OS channel take it, or upgrade the node image",
        )
