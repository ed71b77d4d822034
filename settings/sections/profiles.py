"""The seccomp and AppArmor profiles to load on the nodes: names of files of the repository."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from settings.fields.base import Words, refused
from settings.sections.base import Section

FOLDER = Path(__file__).resolve().parents[2] / "profiles"
"""Where the profiles are: seccomp/<name>.json and apparmor/<name>."""
SAMPLES = {"seccomp": "prevent-chmod", "apparmor": "k8s-apparmor-example-deny-write"}
"""The profiles that the sample pods run under."""

# What the name of a label may be, since nodes say in a label what is loaded on them.
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_PINNED = re.compile(r"[a-z0-9]+([.:/_-]+[a-z0-9]+)*(:[\w.-]+)?@sha256:[0-9a-f]{64}")


def _name(value: str) -> str:
    if _NAME.fullmatch(value):
        return value
    raise refused(
        f"{value!r} is not a profile's name",
        "use letters, digits, '-', '_' and '.', 63 characters at most, and begin and end with a letter or digit",
    )


def _pinned(value: str) -> str:
    if _PINNED.fullmatch(value):
        return value
    raise refused(
        f"{value!r} names no digest: whoever can push to the registry could change what runs beside the node's kernel",
        "write registry/name@sha256:<64 hexadecimal digits>",
    )


def is_placeholder(image: str) -> bool:
    """Tell whether an image's digest is made of zeros, as in the stack files that come with the project."""
    return image.endswith(f"@sha256:{'0' * 64}")


ProfileName = Annotated[str, AfterValidator(_name)]
PinnedImage = Annotated[str, AfterValidator(_pinned), Words("an image with its digest, name@sha256:...")]


class Profile(Section):
    """One profile and the pools it is loaded on."""

    name: ProfileName
    """Name of the profile: its file's name, for seccomp without `.json`, and what a pod writes as localhostProfile."""
    pools: tuple[str, ...] = ()
    """Pools to load it on; empty: every Linux pool (AppArmor: whose OS has it)."""


def _profile(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


NamedProfile = Annotated[Profile, BeforeValidator(_profile, json_schema_input_type=str | Profile)]


class Profiles(Section):
    """Profiles to load on Linux nodes; an entry is a name, or a mapping with name and pools."""

    seccomp: tuple[NamedProfile, ...] = ()
    """Seccomp profiles, from profiles/seccomp/<name>.json."""
    apparmor: tuple[NamedProfile, ...] = ()
    """AppArmor profiles, from profiles/apparmor/<name>."""
    loader_image: PinnedImage | None = None
    """Image of the loaders, built from profiles/loader/Dockerfile; needed as soon as there is a profile."""
    samples: bool = False
    """Run the two sample pods that show the profiles at work."""

    def of_kind(self, kind: str) -> tuple[Profile, ...]:
        """Return the profiles of a kind, seccomp or apparmor."""
        return self.seccomp if kind == "seccomp" else self.apparmor
