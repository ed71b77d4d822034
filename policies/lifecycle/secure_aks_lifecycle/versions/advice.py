"""What to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from secure_aks_lifecycle.facts.catalog import Catalog
    from secure_aks_lifecycle.versions.version import Version


def refresh(location: str = "") -> str:
    """Return the remedy for a catalog that is older than what it is asked about, as a command for the stack's region."""
    region = location or "westeurope"
    return (
        f"refresh the catalog: .venv/bin/python -m secure_aks_lifecycle refresh --location {region} --write"
    )


def newest_patch(minor: tuple[int, int], catalog: Catalog, on: date) -> str:
    """Name the newest patch of a minor, or the minor when the catalog lists none."""
    patch = catalog.newest_patch(minor, on)
    return str(patch.version) if patch else f"the newest patch of {minor[0]}.{minor[1]}"


LTS = "long-term support (tier Premium with supportPlan AKSLongTermSupport)"


def way_out(  # noqa: PLR0913  # what the way depends on
    version: Version,
    catalog: Catalog,
    on: date,
    location: str = "",
    *,
    lts: bool = False,
    above: Version | None = None,
) -> str:
    """Say how to get from a version without support to one that has it: without LTS all of a cluster goes at once, with it by steps.

    A pool whose control plane has support (it runs, or is to run, `above`) follows it by steps, which `rollout` makes.

    Whether the version runs, or is only written, is not known where this is said: the one way must not contradict the other.
    """
    supported = sorted(r.minor for r in catalog.minors if r.available(on) and on <= r.end_of_life)
    if not supported:
        return f"move to a supported version, or {refresh(location)}"
    lowest, newest = (newest_patch(minor, catalog, on) for minor in (supported[0], supported[-1]))
    if above:
        way = f"bring the pool up to its control plane: ./secure-aks upgrades rollout --to {above} --stack <stack>"
    elif lts:
        way = f"move to {next_version(version, catalog, on) or lowest}"
    else:
        way = (
            f"take control plane and pools together to {lowest}, of the lowest supported minor: "
            f"./secure-aks upgrades whole-cluster --to {lowest} --stack <stack>"
        )
    release = catalog.release(version.minor)
    if not lts and not above and release and release.lts_until and on <= release.lts_until:
        way += f"; or stay until {release.lts_until} with {LTS}"
    return f"where it runs, {way}; where it does not, write what runs, or for a new one {above or newest}"


def next_version(version: Version, catalog: Catalog, on: date) -> str | None:
    """Name the next version on the way to support: the newest patch one minor up. None when there is no such minor."""
    following = (version.major, version.minor_number + 1)
    release = catalog.release(following)
    return newest_patch(following, catalog, on) if release and release.available(on) else None
