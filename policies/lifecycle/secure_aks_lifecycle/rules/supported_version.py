"""Control planes and pools run versions that AKS supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.facts.catalog import is_newer
from secure_aks_lifecycle.judging.context import parsed
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import UNKNOWN
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER, DEPLOYMENT, POOL, Versioned, versioned
from secure_aks_lifecycle.versions.advice import refresh, way_out
from secure_aks_lifecycle.versions.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Judge every version the resource asks for."""
    for item in versioned(resource):
        if item.version is UNKNOWN:
            yield Finding(f"{item.subject}: {item.path} is not known yet", unknown=True)
            continue
        problem = _problem(item, resource, context)
        if problem:
            yield Finding(f"{item.subject}: {item.path} {problem}", names=(item.name,))
        elif newer := _newer_than_the_catalog(item, context):
            yield Finding(f"{item.subject}: {item.path} {newer}", unknown=True)


def _newer_than_the_catalog(item: Versioned, context: Context) -> str | None:
    """Say so when a version came after the catalog was written: whether it has support cannot be told."""
    version = parsed(item.version)
    if version is None or not is_newer(version, context.catalog, context.today):
        return None
    return f"{version} is newer than the version catalog of {context.catalog.date}, so its support is unknown; {refresh(context.config.location)}"


def _problem(item: Versioned, resource: Resource, context: Context) -> str | None:
    if item.version is None:
        # An inline pool's version is left unset on purpose: set, it breaks the next bump of the control plane.
        owns_version = item.role == "control plane" or resource.type == POOL
        return (
            "is not set, so Azure picks a version and moves it; write one in full, as x.y.z"
            if owns_version
            else None
        )
    try:
        version = Version.parse(str(item.version))
    except ValueError as error:
        return str(error)
    lts = context.has_lts(item.cluster)
    return unsupported(version, context, lts=lts, above=_above(item, context, lts=lts))


def _above(item: Versioned, context: Context, *, lts: bool) -> Version | None:
    """Return what a pool's control plane is to run, when that has support: the pool then follows by steps of its own."""
    if item.role == "control plane":
        return None
    own = [
        version
        for one in context.seen.all()
        if one.role == "control plane" and one.cluster == item.cluster and (version := parsed(one.version))
    ]
    target = max(own, default=None) or context.target()
    if target is None or context.catalog.support(target, context.today, lts=lts).state in {
        "ended",
        "platform",
    }:
        return None
    return target


def unsupported(version: Version, context: Context, *, lts: bool, above: Version | None = None) -> str | None:
    """Say why a version has no support today, with the remedy; None when it has. `above`: a pool's control plane has some, with this."""
    catalog = context.catalog
    support = catalog.support(version, context.today, lts=lts)
    newer = support.state == "unknown" and is_newer(version, catalog, context.today)
    if newer or support.newer:
        return None  # told as unknown; and refusing an old patch of an LTS minor would close the way to the newer ones
    match support.state:
        case "unknown":
            return f"{version} is not in the version catalog of {catalog.date}; correct it, or {refresh(context.config.location)}"
        case "ended":
            return f"{version} has had no support since {support.ends}; {way_out(version, catalog, context.today, context.config.location, lts=lts, above=above)}"
        case "platform":
            return (
                f"{version} has had platform support only since {support.ends}: Azure's infrastructure, nothing of Kubernetes; "
                f"{way_out(version, catalog, context.today, context.config.location, lts=lts, above=above)}"
            )
        case "preview" if context.in_prod:
            return f"{version} is a preview by the version catalog of {catalog.date}, and previews stay out of production; wait, or {refresh(context.config.location)}"
        case _:
            return None


RULE = Rule(
    id="supported-version",
    title="Control planes and node pools run a Kubernetes version, in full, that AKS supports.",
    level="mandatory",
    severity="high",
    why="A version out of support gets no fixes for known holes, and Azure may upgrade it at a time of its own choice.",
    remedy="Move the control plane, then each pool, to a supported version, one minor at a time; from out of support all together: `./secure-aks upgrades whole-cluster --to x.y`.",
    applies={CLUSTER, POOL, DEPLOYMENT}.__contains__,
    check=check,
)
