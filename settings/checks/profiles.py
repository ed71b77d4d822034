"""The profiles: their files exist, and the pools they are for can load them."""

from collections.abc import Iterator
from pathlib import Path

from settings.draft import Draft
from settings.finding import Finding
from settings.profiles import FOLDER, Profile
from settings.words import did_you_mean, repeated

_SUFFIXES = {"seccomp": ".json", "apparmor": ""}


def check(draft: Draft) -> Iterator[Finding]:
    """Yield profiles without a file, named twice, or for pools that cannot load them."""
    if not draft.profiles:
        return
    for kind, profiles in (("seccomp", draft.profiles.seccomp), ("apparmor", draft.profiles.apparmor)):
        path = f"secure-aks:profiles.{kind}"
        known = _known(FOLDER / kind, _SUFFIXES[kind])
        entries = [(f"{path}[{index}]", profile) for index, profile in enumerate(profiles)]
        for place, name, first in repeated((place, profile.name) for place, profile in entries):
            yield Finding(
                place, f"the profile {name!r} is named by {first} already", "name each profile once"
            )
        for place, profile in entries:
            if profile.name not in known:
                why = f"there is no file profiles/{kind}/{profile.name}{_SUFFIXES[kind]}"
                yield Finding(place, why, did_you_mean(profile.name, known) if known else "add the file")
            yield from _pools(draft, place, profile)


def _known(folder: Path, suffix: str) -> set[str]:
    files = folder.iterdir() if folder.is_dir() else ()
    return {
        file.name.removesuffix(suffix)
        for file in files
        if file.is_file() and file.name.endswith(suffix) and not file.name.startswith(".")
    }


def _pools(draft: Draft, path: str, profile: Profile) -> Iterator[Finding]:
    pools = {pool.name: pool for pool in draft.pools.values()}
    for index, name in enumerate(profile.pools):
        place = f"{path}.pools[{index}]"
        if name in pools:
            if not pools[name].is_linux:
                why = f"the pool {name!r} runs Windows, which has neither seccomp nor AppArmor"
                yield Finding(place, why, "remove it")
        elif draft.complete:
            linux = {name for name, pool in pools.items() if pool.is_linux}
            yield Finding(place, f"there is no pool {name!r}", did_you_mean(name, linux))
