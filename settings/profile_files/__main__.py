"""Renew the names of system calls from this machine: `python -m settings.profile_files`.

They are the union of what the installed libseccomp resolves, for every architecture it knows, and what the running
kernel lists in /proc/kallsyms. A name is only ever added: profiles may be for newer nodes than this machine.
"""

import ctypes
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from secure_aks_lifecycle.ending import run

from settings.profile_files.syscalls import FILE, SYSCALLS
from settings.whole_file import write_whole

# Libseccomp's tokens of architectures are the kernel's audit numbers; these are all it can have on AKS nodes.
_TOKENS = {
    "x86_64": 0xC000003E,
    "x86": 0x40000003,
    "x32": 0x4000003E,
    "aarch64": 0xC00000B7,
    "arm": 0x40000028,
}
_NUMBERS = range(-300, 1000)
# Functions in the kernel's table that are not calls of their own: older sizes and other architectures' entries.
_NOT_CALLS = re.compile(r".*(_time32|time32|16)|(ia32|old|s390)_.*|old.*|ni_syscall|new(fstat|lstat|stat|uname)|"
                        r"llseek|mmap_pgoff|gethostname|.*clock_\w+32")  # fmt: skip


def of_libseccomp() -> Iterator[str]:
    """Yield the names that the installed libseccomp resolves. Raises OSError without libseccomp."""
    resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_num_arch
    resolve.restype = ctypes.c_char_p  # the few bytes of each name are never freed
    resolve.argtypes = [ctypes.c_uint32, ctypes.c_int]
    for name, token in _TOKENS.items():
        offset = 0x40000000 if name == "x32" else 0
        for number in _NUMBERS:
            if found := resolve(token, number + offset):
                yield found.decode()


def of_kernel() -> Iterator[str]:
    """Yield the names of the running kernel's table (x86-64)."""
    symbols = Path("/proc/kallsyms").read_text(encoding="utf-8")
    for name in re.findall(r"\b__x64_sys_(\w+)$", symbols, re.MULTILINE):
        if not _NOT_CALLS.fullmatch(name):
            yield name


def main() -> None:
    """Write the file again, with what this machine knows besides."""
    names = sorted(SYSCALLS | set(of_libseccomp()) | set(of_kernel()))
    release = Path("/proc/sys/kernel/osrelease").read_text(encoding="utf-8").split("-")[0]
    data = {
        "source": f"libseccomp's table on Debian and the table of Linux {release} (/proc/kallsyms)",
        "date": datetime.now(UTC).date().isoformat(),
        "names": names,
    }
    write_whole(FILE, json.dumps(data, indent=1) + "\n")
    sys.stdout.write(f"{len(names)} names, {len(names) - len(SYSCALLS)} of them new\n")


if __name__ == "__main__":
    run(lambda: main)
