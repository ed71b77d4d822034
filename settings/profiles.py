"""The seccomp and AppArmor profiles to load on the nodes: names of files of the repository."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from settings.base import Section

FOLDER = Path(__file__).resolve().parent.parent / "profiles"
"""Where the profiles are: seccomp/<name>.json and apparmor/<name>."""


class Profile(Section):
    """One profile and the pools it is loaded on."""

    name: str
    """Name of the profile: its file's name, for seccomp without `.json`."""
    pools: tuple[str, ...] = ()
    """Pools to load it on; empty: every Linux pool."""


def _profile(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


NamedProfile = Annotated[Profile, BeforeValidator(_profile)]


class Profiles(Section):
    """Profiles to load on Linux nodes; an entry is a name, or a mapping with name and pools."""

    seccomp: tuple[NamedProfile, ...] = ()
    """Seccomp profiles, from profiles/seccomp/<name>.json."""
    apparmor: tuple[NamedProfile, ...] = ()
    """AppArmor profiles, from profiles/apparmor/<name>."""
    samples: bool = False
    """Run the two sample pods that show the profiles at work."""
