"""How nodes boot, and their cryptography: Trusted Launch and FIPS."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.boot import FIPS_ONLY, NO_FIPS, TRUSTED_ONLY, boots_trusted
from settings.sections.pools import Pool


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what node image or size do not have."""
    for path, pool in draft.pools.items():
        yield from _fips(path, pool)
        yield from _trusted(path, pool)


def _fips(path: str, pool: Pool) -> Iterator[Finding]:
    if pool.os_sku == FIPS_ONLY and not pool.fips:
        yield Finding(
            f"{path}.fips", f"{FIPS_ONLY} has FIPS and cannot be without", "remove the key, or write true"
        )
    elif pool.fips and pool.os_sku in NO_FIPS:
        why = f"{pool.os_sku} has no FIPS node image"
        remedy = "remove the key, or write `osSku: AzureLinux`, or Ubuntu2204 up to its last minor"
        yield Finding(f"{path}.fips", why, remedy)


def _trusted(path: str, pool: Pool) -> Iterator[Finding]:
    place = f"{path}.trustedLaunch"
    if pool.trusted_launch and (why := boots_trusted(pool.model_dump(include=_NEEDED))):
        yield Finding(place, why, "remove the key, or choose another size or osSku")
    if pool.os_sku in TRUSTED_ONLY and not pool.trusted_launch:
        why = f"{pool.os_sku} boots by Trusted Launch alone, and this pool has none"
        yield Finding(place, why, "remove the key, and choose a size that has it, such as Standard_D4ds_v5")


_NEEDED = {"vm_size", "os_type", "os_sku", "sandboxed", "fips"}
