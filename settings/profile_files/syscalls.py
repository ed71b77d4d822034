"""The names of Linux's system calls, from a data file; `python -m settings.profile_files` renews it."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "syscalls.json"
"""The names, with their source and date."""
_DATA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
SYSCALLS: frozenset[str] = frozenset(_DATA["names"])
"""Every name that is known, of every architecture."""
