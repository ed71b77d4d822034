"""The profiles: their files exist and are sound, and the pools they are for can load them."""

from collections.abc import Iterator
from pathlib import Path

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.nodes.profile_pools import check_pools
from settings.profile_files import SUFFIXES, faults
from settings.sections.profiles import FOLDER, SAMPLES, Profile, Profiles
from settings.words import did_you_mean, repeated

_SECTION = "secure-aks:profiles"
_MOST_BYTES = 900_000
"""Most bytes of profiles of one kind: a ConfigMap takes 1 MiB in all."""


def check(draft: Draft, folder: Path = FOLDER) -> Iterator[Finding]:
    """Yield profiles that are named twice, have no file or a bad one, or are for pools that cannot load them."""
    if not draft.profiles:
        return
    for kind, suffix in SUFFIXES.items():
        known = _known(folder / kind, suffix)
        profiles = draft.profiles.of_kind(kind)
        entries = [(f"{_SECTION}.{kind}[{index}]", profile) for index, profile in enumerate(profiles)]
        for place, name, first in repeated((place, profile.name) for place, profile in entries):
            yield Finding(
                place, f"the profile {name!r} is named by {first} already", "name each profile once"
            )
        for place, profile in entries:
            if profile.name in known:
                found = list(_file(kind, known[profile.name], place, profile))
                yield from found
                yield from check_pools(draft, kind, place, profile, None if found else known[profile.name])
            else:
                why = f"there is no file profiles/{kind}/{profile.name}{suffix}"
                yield Finding(place, why, did_you_mean(profile.name, known) if known else "add the file")
        yield from _size(kind, [known[profile.name] for profile in profiles if profile.name in known])
    yield from _whole(draft.profiles)


def _known(folder: Path, suffix: str) -> dict[str, Path]:
    files = folder.iterdir() if folder.is_dir() else ()
    return {
        file.name.removesuffix(suffix): file
        for file in files
        if file.is_file() and file.name.endswith(suffix) and not file.name.startswith(".")
    }


def _file(kind: str, file: Path, place: str, profile: Profile) -> Iterator[Finding]:
    for fault in faults(kind, file, profile.name):
        yield Finding(place, f"profiles/{kind}/{file.name}:{fault.line}: {fault.why}", fault.remedy)


def _size(kind: str, files: list[Path]) -> Iterator[Finding]:
    size = sum(file.stat().st_size for file in files)
    if size > _MOST_BYTES:
        why = f"its profiles are {size:,} bytes, and the ConfigMap that takes them to the nodes has room for {_MOST_BYTES:,}"
        yield Finding(f"{_SECTION}.{kind}", why, "shorten them, or declare fewer")


def _whole(profiles: Profiles) -> Iterator[Finding]:
    if (profiles.seccomp or profiles.apparmor) and not profiles.loader_image:
        why = "there are profiles to load, and no image to load them with"
        remedy = (
            "build profiles/loader/Dockerfile, push it to your registry, and write its name with its digest"
        )
        yield Finding(f"{_SECTION}.loaderImage", why, remedy)
    if profiles.samples:
        for kind, name in SAMPLES.items():
            if name not in {profile.name for profile in profiles.of_kind(kind)}:
                why = f"the samples run under the {kind} profile {name!r}, which is not declared"
                yield Finding(f"{_SECTION}.samples", why, f"add `{name}` to `{kind}`, or remove `samples`")
