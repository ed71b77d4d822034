"""The pools that a profile is for: they exist, and their nodes can load it."""

from collections.abc import Iterator
from pathlib import Path

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.node_security import can_load
from settings.facts.vm_sizes import VmSize
from settings.profile_files import seccomp_architectures
from settings.sections.pools import Pool
from settings.sections.profiles import Profile
from settings.words import did_you_mean


def check_pools(draft: Draft, kind: str, path: str, profile: Profile, file: Path | None) -> Iterator[Finding]:
    """Yield pools that a profile cannot be loaded on; `file` is its file when that is sound."""
    pools = {pool.name: pool for pool in draft.pools.values()}
    for index, name in enumerate(profile.pools):
        place = f"{path}.pools[{index}]"
        if name not in pools:
            if draft.complete:
                able = {name for name, pool in pools.items() if can_load(kind, pool)}
                yield Finding(place, f"there is no pool {name!r}", did_you_mean(name, able))
        elif not can_load(kind, pools[name]):
            yield Finding(place, _why(kind, pools[name]), "remove it")
    if file and kind == "seccomp":
        named = [pool for name, pool in pools.items() if name in (profile.pools or pools) and pool.is_linux]
        yield from _architectures(path, named, seccomp_architectures(file), file.name)


def _why(kind: str, pool: Pool) -> str:
    if not pool.is_linux:
        return f"the pool {pool.name!r} runs Windows, which has neither seccomp nor AppArmor"
    return f"the nodes of the pool {pool.name!r} ({pool.os_sku}) have no {'AppArmor' if kind == 'apparmor' else kind}"


def _architectures(path: str, pools: list[Pool], listed: tuple[str, ...], file: str) -> Iterator[Finding]:
    for pool in pools if listed else ():
        try:
            needed = "SCMP_ARCH_AARCH64" if VmSize.parse(pool.vm_size).is_arm else "SCMP_ARCH_X86_64"
        except ValueError:
            continue  # the check of the pools says so
        if needed not in listed:
            why = f"profiles/seccomp/{file} is not for {needed}, which the pool {pool.name!r} has: every call would be refused"
            yield Finding(path, why, f"add {needed} to its `architectures`, or name other pools in `pools`")
