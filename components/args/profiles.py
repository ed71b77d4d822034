"""The seccomp and AppArmor profiles of the nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["seccomp", "apparmor"]
"""What may confine a container's processes."""


@dataclass(frozen=True)
class ProfileArgs:
    """One profile and the pools it is loaded on."""

    kind: Literal["seccomp", "apparmor"]
    """Whose profile it is: the kernel's filter of system calls, or AppArmor."""
    name: str
    """Name of the profile, as pods write it in localhostProfile: letters, digits, '-', '_' and '.', 63 characters at most."""
    content: str
    """The profile itself: for seccomp its JSON, for AppArmor its text."""
    pools: Sequence[str] = ()
    """Pools to load it on; empty: every Linux pool (AppArmor: but those of `without_apparmor`)."""
