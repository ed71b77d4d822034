"""Node pools run an operating system that AKS supports for their Kubernetes version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.context import parsed
from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import UNKNOWN
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER, DEPLOYMENT, POOL, Versioned, versioned
from secure_aks_lifecycle.versions.os_successor import successor
from secure_aks_lifecycle.versions.version import Minor, minor_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.facts.catalog import OsImage
    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource


def check(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Judge the OS SKU of every pool the resource asks for."""
    for item in versioned(resource):
        if item.os_sku is None:
            continue
        if item.os_sku is UNKNOWN:
            yield Finding(f"{item.subject}: osSKU is not known yet", unknown=True)
            continue
        images = context.catalog.images(str(item.os_sku))
        minor = pool_minor(item, context)
        if not images:
            known = ", ".join(sorted({image.sku for image in context.catalog.os_images}))
            yield Finding(
                f"{item.subject}: osSKU {item.os_sku} is not in the version catalog; it knows {known}",
                unknown=True,
            )
        elif minor is None:
            yield Finding(
                f"{item.subject}: osSKU {item.os_sku} cannot be judged: the pool's version is not known yet",
                unknown=True,
            )
        elif problem := _problem(str(item.os_sku), images, minor, context):
            yield Finding(f"{item.subject}: {problem}", names=(item.name,))


def pool_minor(item: Versioned, context: Context) -> Minor | None:
    """Return the minor a pool is to run: its own, or its control plane's when it has none of its own."""
    own = parsed(item.version)
    if own or item.version is not None:
        return own.minor if own else None
    target = context.target()
    return target.minor if target else None


def image_for(images: tuple[OsImage, ...], minor: Minor) -> OsImage | None:
    """Return the OS version that nodes of that minor get."""
    return next((image for image in images if image.fits(minor)), None)


def _problem(sku: str, images: tuple[OsImage, ...], minor: Minor, context: Context) -> str | None:
    image = image_for(images, minor)
    if image is None:
        return f"osSKU {sku} does not exist for Kubernetes {minor_text(minor)}; {_remedy(images, minor, context)}"
    if image.end_of_life and image.end_of_life < context.today:
        return (
            f"osSKU {sku} on Kubernetes {minor_text(minor)} is {image.os}, without support since {image.end_of_life}; "
            f"{_remedy(images, minor, context, image)}"
        )
    return None


def _remedy(images: tuple[OsImage, ...], minor: Minor, context: Context, now: OsImage | None = None) -> str:
    """Say what to write instead, and when: a successor may begin at a later minor than the pool's."""
    newest = context.catalog.newest(context.today)
    target = max(minor, newest.minor) if newest and now else minor
    found = successor((now,) if now else images, minor, target, context.catalog, context.today)
    if found is None:
        return "choose another osSku"
    where = (
        " in a new pool, since Windows cannot be changed in place" if images[0].os_type == "Windows" else ""
    )
    when = f" once it runs {minor_text(found.first)}, where that begins" if found.first else ""
    return f"write osSku {found.sku}{where}{when}"


RULE = Rule(
    id="supported-os",
    title="Node pools run an OS SKU that exists for their Kubernetes version and has support.",
    level="mandatory",
    severity="high",
    why="An operating system out of support gets no new node images, so known holes stay open, and scaling fails once its images are removed.",
    remedy="Change the pool's osSku; for Windows add a new pool, move the workloads, and remove the old one.",
    applies={CLUSTER, POOL, DEPLOYMENT}.__contains__,
    check=check,
)
