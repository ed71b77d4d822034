"""What an earlier start read and compiled, kept beside Python's own bytecode.

Reading 160 rule files and translating their expressions takes as long as judging hundreds of resources. A file's content
is kept with its size and time of change, an expression by its text; both only for the interpreter and the translator that
they are from. As with bytecode: where nothing may be written, or Python is told to write none, every start does it anew.
"""

import contextlib
import marshal
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType
from typing import Any

_FOLDER = Path(__file__).parent
_MOST = 3_000
"""Expressions: those of exemptions come from stack files, and a machine may see many."""
_MODE = 0o644
_SUM = 4
"""Bytes of the checksum at the file's beginning."""


class Kept:
    """The content of files and compiled expressions, from `file` and for it. `made_by` are the translator's modules."""

    def __init__(self, file: Path, made_by: Path) -> None:
        self._file = file
        self._maker = (sys.version, *(_state(path) for path in sorted(made_by.glob("*.py"))))
        self._files: dict[str, tuple[tuple[int, int], bytes]] = {}
        self._codes: dict[str, bytes] = {}
        self._changed = False
        # A missing or broken file is one that keeps nothing.
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
            self._load(file.read_bytes())

    def content(self, path: Path, read: Callable[[Path], Any]) -> Any:
        """Return what `read` makes of a file. Raises what it raises."""
        state, (known, data) = _state(path), self._files.get(str(path), (None, b""))
        if known == state:
            return marshal.loads(data)  # noqa: S302 - as much as Python's own bytecode, which lies beside it
        value = read(path)
        with contextlib.suppress(ValueError):  # a date, say, cannot be kept
            self._files[str(path)] = state, marshal.dumps(value)
            self._changed = True
        return value

    def code(self, name: str, source: Callable[[], str]) -> CodeType:
        """Return the code of an expression; `source` gives it where it is not kept. Raises what that raises."""
        data = self._codes.get(name)
        if data is not None:
            return marshal.loads(data)  # noqa: S302 - as above
        made = compile(source(), "<rule>", "eval")
        if len(self._codes) < _MOST:
            self._codes[name] = marshal.dumps(made)
            self._changed = True
        return made

    def save(self) -> None:
        """Write down what is new; a folder that cannot be written to is left alone."""
        if not self._changed or sys.dont_write_bytecode:
            return
        self._changed = False
        data = marshal.dumps((self._maker, self._files, self._codes))
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._file.parent)
            try:
                with os.fdopen(number, "wb") as file:
                    os.fchmod(number, _MODE)
                    file.write(zlib.crc32(data).to_bytes(_SUM) + data)
                Path(name).replace(self._file)
            except OSError:  # a full disk, say
                Path(name).unlink(missing_ok=True)

    def _load(self, found: bytes) -> None:
        data = found[_SUM:]
        if zlib.crc32(data).to_bytes(_SUM) != found[:_SUM]:
            return
        maker, files, codes = marshal.loads(data)  # noqa: S302 - as above
        if maker == self._maker:
            self._files, self._codes = files, codes


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


KEPT = Kept(
    Path(cache_from_source(str(_FOLDER / "rules" / "__init__.py"))).with_suffix(".kept"), _FOLDER / "cel"
)
"""What this pack keeps."""
