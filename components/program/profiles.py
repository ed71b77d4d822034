"""The profiles of a stack file, with what shows them at work."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pulumi
from secure_aks_lifecycle.versions.version import Version

from settings.facts.node_security import can_load
from settings.profile_files import SUFFIXES
from settings.sections.pools import Pool
from settings.sections.profiles import FOLDER, Profiles, is_placeholder

from ..args.profiles import ProfileArgs
from ..article_samples import ArticleSamples, ArticleSamplesArgs
from ..profiles.names import KINDS
from ..security_profiles import SecurityProfiles, SecurityProfilesArgs

_ANY_VERSION = Version(1, 30, 0)


def security_profiles(
    name: str,
    profiles: Profiles,
    pools: Sequence[Pool] = (),
    opts: pulumi.ResourceOptions | None = None,
    folder: Path = FOLDER,
) -> SecurityProfiles:
    """Register the loaders of a stack's profiles, and the samples where it wants them.

    `pools` are all pools of the cluster (none: not known, and AppArmor is expected on every Linux node); `folder` has the
    profiles as seccomp/<name>.json and apparmor/<name>.
    """
    linux = [pool for pool in pools if pool.is_linux]
    args = SecurityProfilesArgs(
        profiles=list(_read(profiles, folder)),
        loader_image=profiles.loader_image,
        linux_pools=[pool.name for pool in linux],
        without_apparmor=[pool.name for pool in linux if not can_load("apparmor", pool)],
    )
    loaded = SecurityProfiles(name, args, opts)
    image = profiles.loader_image
    if image is None or not loaded.loaders:
        return loaded
    if is_placeholder(image):
        pulumi.log.warn(
            f"secure-aks:profiles.loaderImage ({image}) is a placeholder, since no image has that digest: on a"
            " real cluster the loaders would never start. Build yours and write its digest (docs/profiles.md).",
            loaded,
        )
    if profiles.samples:
        version = min((pool.version for pool in linux), default=_ANY_VERSION)
        samples = ArticleSamplesArgs(profiles, image, version, loaded.loaders)
        ArticleSamples(f"{name}-samples", samples, pulumi.ResourceOptions(parent=loaded))
    return loaded


def _read(profiles: Profiles, folder: Path) -> Iterator[ProfileArgs]:
    for kind in KINDS:
        for one in profiles.of_kind(kind):
            content = (folder / kind / f"{one.name}{SUFFIXES[kind]}").read_text(encoding="utf-8")
            yield ProfileArgs(kind, one.name, content, one.pools)
