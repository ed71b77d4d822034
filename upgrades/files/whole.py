"""A file takes another's place at once, or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from secure_aks_lifecycle.whole_file import fill

from .yaml_nodes import EditError

if TYPE_CHECKING:
    from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Put text in the place of the file that a path leads to; a symlink stays one."""
    real = path.resolve()
    aside = (
        path.parent / ".upgrades" / f"{path.name}.new"
    )  # a folder that git ignores: a kill may leave it there
    try:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        if (
            real.parent.stat().st_dev != aside.parent.stat().st_dev
        ):  # a file moves in one piece on one disk only
            aside = real.parent / f".{real.name}.new"
        mode = stat.S_IMODE(real.stat().st_mode)
        file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        fill(file, text.encode("utf-8"), mode)
        aside.replace(real)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise EditError(f"{path.name}: cannot be written: {error.strerror}; it is as it was") from None
