"""Azure's clouds: the public one, and those of a country, which have hosts, logins and services of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from settings.facts.data_files import read

PUBLIC = "public"


@dataclass(frozen=True)
class NotOffered:
    """Why a setting has no service in a cloud, and what to write instead."""

    why: str
    instead: str


@dataclass(frozen=True)
class Cloud:
    """One cloud, by what `azure-native:environment` calls it; the rest is as `data/clouds.yaml` has it, hosts without a scheme."""

    name: str
    az: str
    sdk: str
    kubelogin: str
    authority: str
    blobs: str
    vaults: str
    api_servers: str
    prometheus: str
    regions: tuple[str, ...]
    not_offered: Mapping[str, NotOffered]


@cache
def clouds() -> dict[str, Cloud]:
    """Return the clouds by name."""
    return {
        name: Cloud(
            name=name,
            az=said["az"],
            sdk=said["sdk"],
            kubelogin=said["kubelogin"],
            authority=said["authority"],
            blobs=said["blobs"],
            vaults=said["vaults"],
            api_servers=said["apiServers"],
            prometheus=said["prometheus"],
            regions=tuple(said["regions"]),
            not_offered={path: NotOffered(**why) for path, why in said["notOffered"].items()},
        )
        for name, said in read("clouds")["clouds"].items()
    }


def cloud_of(location: str) -> Cloud:
    """Return the cloud that a region is in."""
    return next((one for one in clouds().values() if location.startswith(one.regions)), clouds()[PUBLIC])
