"""What must be true of any stack file whatever: it is accepted and works, or refused in words that help, and soon."""

from __future__ import annotations

import time
import traceback
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from components.versions.version_change import declared
from settings import SettingsError, StackSettings, load_file
from settings.calendar.reboots import frozen, slots
from settings.calendar.windows import occurrences
from settings.reading.source import read
from settings.subnets import plan
from settings.switched_off import switched_off

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 2
"""Most processor time for one file."""
_VAGUE = {"mend the file", "mend the line", "mend it", "see above"}
_TODAY = date(2026, 11, 23)


def complaint(path: Path, seconds: float | None = None) -> str | None:
    """What is wrong with how a stack file was taken, and with `seconds` how long that took; None when nothing is."""
    begun = time.process_time()
    try:
        settings = load_file(path)
    except SettingsError as error:
        found = _refusal(error, path)
    except BaseException:  # noqa: BLE001  # whatever comes instead of a refusal is the finding
        return f"a traceback:\n{traceback.format_exc()}"
    else:
        found = _use(settings)
    spent = time.process_time() - begun
    return found or (
        f"it took {spent:.1f} s of processor time" if seconds is not None and spent > seconds else None
    )


def _refusal(error: SettingsError, path: Path) -> str | None:
    text = str(error)
    if not error.problems:
        return "refused without a problem"
    if not all(character.isprintable() or character == "\n" for character in text):
        return f"the refusal steers the terminal: {text!r}"
    lines = _lines(path)
    for problem in error.problems:
        if not problem.why.strip() or not problem.remedy.strip() or problem.remedy in _VAGUE:
            return f"no help in: {problem}"
        top = problem.path.split(".")[0].split("[")[0]
        if problem.line is None and top in lines:
            return f"no line in: {problem}"
    return None


def _lines(path: Path) -> dict[str, int]:
    try:
        return dict(read(path).lines)
    except SettingsError as error:
        # Not even the reader takes it: every fault but those of the file as such has its line.
        faults = [problem for problem in error.problems if problem.line is None]
        return {problem.path: 1 for problem in faults if "cannot be read" not in problem.why}


def _use(settings: StackSettings) -> str | None:
    """Do with accepted settings what the program and the tools do first."""
    try:
        plan(settings)
        declared(settings)
        [str(part) for part in switched_off(settings.policies)]
        until = _TODAY + timedelta(days=60)
        for window in (
            settings.maintenance.releases,
            settings.maintenance.upgrades,
            settings.maintenance.node_os,
        ):
            list(islice(occurrences(window, _TODAY, until), 100)) if window else []
        if kured := settings.node_updates.kured:
            list(slots(kured, _TODAY, until))
            [frozen(span, kured) for span in settings.maintenance.not_allowed]
    except Exception:  # noqa: BLE001  # whatever comes is the finding
        return f"accepted, and then a traceback:\n{traceback.format_exc()}"
    return None
