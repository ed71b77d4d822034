"""Files of this project that are written whole or not at all."""

import sys
from pathlib import Path

from secure_aks_lifecycle.whole_file import replace


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or leave the one that is there, and nothing else beside it.

    Ends the program with one line when that fails: a full or read-only disk, a folder that is not there.
    """
    try:
        replace(path, text)
    except OSError as error:
        sys.exit(
            f"{path.name}: cannot be written: {error.strerror}; make room and rights for it, and run again"
        )
