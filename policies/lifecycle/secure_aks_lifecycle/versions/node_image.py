"""The day a node image was built, from its version."""

from __future__ import annotations

import re
from datetime import date

_LINUX = re.compile(r"-(\d{4})(\d{2})\.(\d{2})\.\d+$")
_WINDOWS = re.compile(r"-\d+\.\d+\.(\d{2})(\d{2})(\d{2})$")


def built_on(image: str) -> date | None:
    """Return the day in a `nodeImageVersion`: Linux ends in YYYYMM.DD.n, Windows in build.build.YYMMDD. None for others."""
    found = _LINUX.search(image) or _WINDOWS.search(image)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004  # two digits or four
    except ValueError:
        return None
