"""The profiles' files: what is wrong with one, by line, before a node ever sees it."""

from pathlib import Path

from settings.profile_files.apparmor import apparmor_faults
from settings.profile_files.fault import Fault
from settings.profile_files.seccomp import seccomp_architectures, seccomp_faults

__all__ = ["SUFFIXES", "Fault", "faults", "seccomp_architectures"]

SUFFIXES = {"seccomp": ".json", "apparmor": ""}
"""What a profile's file is called besides its name, by the kind of profile."""


def faults(kind: str, file: Path, name: str) -> list[Fault]:
    """Return what is wrong with the file of the profile `name`; `kind` is seccomp or apparmor."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return [
            Fault(
                file.read_bytes()[: error.start].count(b"\n") + 1, "it is not UTF-8 text", "save it as UTF-8"
            )
        ]
    return apparmor_faults(text, name) if kind == "apparmor" else seccomp_faults(text)
