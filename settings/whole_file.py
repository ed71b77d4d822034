"""Files that are written whole or not at all."""

import os
import sys
import tempfile
from pathlib import Path

_MODE = 0o644


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or leave the one that is there, and nothing else beside it.

    Ends the program with one line when that fails: a full or read-only disk, a folder that is not there.
    """
    beside = ""
    try:
        file, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fchmod(stream.fileno(), _MODE)
            os.fsync(stream.fileno())
        Path(beside).replace(path)
    except OSError as error:
        if beside:
            Path(beside).unlink(missing_ok=True)
        sys.exit(
            f"{path.name}: cannot be written: {error.strerror}; make room and rights for it, and run again"
        )
