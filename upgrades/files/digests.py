"""The files that a preview and an `up` are made of, by their digests: what was previewed is what is done."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

APART = {"tests", "docs", "bench", "venv", "node_modules", "__pycache__", "build"}
"""Folders of a project that no program reads; those whose name begins with a dot are apart too."""


def digests(folder: Path, stack_file: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that the stack's program may read, by its path; other stacks' files are left out.

    A file that cannot be read has the reason in the place of a digest: whether anybody can read it is a difference too.
    """
    found = (
        (path, _digest(path))
        for path in _files(folder, frozenset())
        if path == stack_file or not (path.parent == folder and _is_stack_file(path))
    )
    return {str(path.relative_to(folder)): digest for path, digest in found if digest}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the paths that came, went or changed."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _digest(path: Path) -> str:
    """Return a file's digest; "" for one that went away meanwhile, as an editor's do."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return str(error.strerror)


def _files(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Yield the files of a folder and of those in it; a link that leads back to a folder above is not followed."""
    real = folder.resolve()
    if real in above:
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    for path in paths:
        if path.name.startswith(".") or path.suffix == ".egg-info":
            continue
        if path.is_dir():
            if path.name not in APART:
                yield from _files(path, above | {real})
        elif path.is_file():
            yield path


def _is_stack_file(path: Path) -> bool:
    return path.name.startswith("Pulumi.") and path.suffix in {".yaml", ".yml"} and path.stem != "Pulumi"
