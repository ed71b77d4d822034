"""The profiles' files: what is wrong with one, by line, before a node ever sees it."""

from functools import lru_cache
from pathlib import Path

from settings.profile_files.apparmor import apparmor_faults
from settings.profile_files.fault import Fault
from settings.profile_files.seccomp import seccomp_architectures, seccomp_faults
from settings.reading.fault import UnreadableError
from settings.reading.text import read_text

__all__ = ["SUFFIXES", "Fault", "faults", "seccomp_architectures"]

SUFFIXES = {"seccomp": ".json", "apparmor": ""}
"""What a profile's file is called besides its name, by the kind of profile."""


_KEPT = 64
_MOST_BYTES = 4 * 1024 * 1024


def faults(kind: str, file: Path, name: str) -> list[Fault]:
    """Return what is wrong with the file of the profile `name`; `kind` is seccomp or apparmor."""
    try:
        status = file.stat()
        return list(_faults(kind, file, name, (status.st_mtime_ns, status.st_size)))
    except UnreadableError as error:
        return [Fault(fault.line or 1, fault.why, fault.remedy) for fault in error.faults]
    except OSError as error:
        return [Fault(1, f"it cannot be read: {error.strerror}", "make it a file that is yours to read")]
    except RecursionError:
        return [Fault(1, "it is nested too deep to be read", "write it flat, as the other profiles are")]


@lru_cache(maxsize=_KEPT)
def _faults(kind: str, file: Path, name: str, _state: tuple[int, int]) -> tuple[Fault, ...]:
    text = read_text(file, _MOST_BYTES)
    return tuple(apparmor_faults(text, name) if kind == "apparmor" else seccomp_faults(text))
