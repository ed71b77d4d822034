"""Node images, VM sizes and Pod Sandboxing."""

from collections.abc import Iterator
from datetime import date

from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.os_successor import successor
from secure_aks_lifecycle.versions.version import minor_text

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.vm_sizes import VmSize
from settings.sections.pools import Pool
from settings.words import did_you_mean

_SANDBOX_SKUS = ("AzureLinux", "AzureLinux3")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield node images and sizes that do not fit the pool."""
    catalog = Catalog.load()
    for path, pool in draft.pools.items():
        yield from _sku(path, pool, catalog, draft.context.today)
        try:
            size = VmSize.parse(pool.vm_size)
        except ValueError:
            why = f"{pool.vm_size!r} is not a VM size"
            yield Finding(f"{path}.vmSize", why, "write one such as Standard_D4ds_v5")
            continue
        if size.is_arm and not pool.is_linux:
            why = f"{pool.vm_size} has Arm cores, and AKS has no Windows image for them"
            yield Finding(f"{path}.vmSize", why, "choose a size without 'p', such as Standard_D4ds_v5")
        if pool.sandboxed:
            yield from _sandbox(path, pool, size)


def _sku(path: str, pool: Pool, catalog: Catalog, today: date) -> Iterator[Finding]:
    place = f"{path}.osSku"
    minor = pool.version.minor
    same = [image for image in catalog.os_images if image.sku.lower() == pool.os_sku.lower()]
    if not same:
        fitting = {
            image.sku for image in catalog.os_images if image.os_type == pool.os_type and image.fits(minor)
        }
        yield Finding(place, f"there is no OS SKU {pool.os_sku!r}", did_you_mean(pool.os_sku, fitting))
    elif same[0].os_type != pool.os_type:
        why = f"{same[0].sku} is {same[0].os_type}, and the pool's osType is {pool.os_type}"
        yield Finding(place, why, f"write `osType: {same[0].os_type}`, or another osSku")
    elif same[0].sku != pool.os_sku:
        yield Finding(place, f"AKS spells it {same[0].sku}", f"write {same[0].sku}")
    elif not any(image.fits(minor) for image in same):
        why = f"there are no {pool.os_sku} nodes of Kubernetes {minor_text(minor)}"
        found = successor(tuple(same), minor, minor, catalog, today)
        yield Finding(
            place,
            why,
            f"write {found.sku if found else 'another one'}; a pool that runs already needs a new one beside it",
        )


def _sandbox(path: str, pool: Pool, size: VmSize) -> Iterator[Finding]:
    if not pool.is_linux:
        yield Finding(
            f"{path}.sandboxed", "Windows has no Pod Sandboxing", "remove it, or write `osType: Linux`"
        )
    elif pool.os_sku not in _SANDBOX_SKUS:
        why = f"Pod Sandboxing exists on Azure Linux only, not on {pool.os_sku}"
        yield Finding(f"{path}.osSku", why, "write AzureLinux")
    if pool.is_spot:
        why = "sandboxed pods need nodes that stay"
        yield Finding(f"{path}.priority", why, "remove `priority: Spot`, or remove `sandboxed`")
    if pool.fips and pool.is_linux:
        yield Finding(
            f"{path}.fips", "Pod Sandboxing has no FIPS node image", "remove `fips`, or `sandboxed`"
        )
    if not size.nests:
        why = f"{pool.vm_size} runs no virtual machines of its own, which sandboxed pods are"
        remedy = "choose an x64 D or E size from v3 on with 's', such as Standard_D4s_v5"
        yield Finding(f"{path}.vmSize", why, remedy)
