"""Maintenance windows: possible, and apart from each other."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from settings.calendar.windows import first_overlap
from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.maintenance import Maintenance, Window
from settings.words import listed

PATH = "secure-aks:maintenance"
_SURE_DAY = 28
_HORIZON = timedelta(days=731)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield windows that cannot be, or that get into each other's way."""
    if not (maintenance := draft.maintenance):
        return
    windows = dict(_windows(maintenance))
    sound: dict[str, Window] = {}
    for key, window in windows.items():
        found = list(_window(key, window))
        yield from found
        if not found:
            sound[key] = window
    first = draft.context.today
    for (one, left), (other, right) in combinations(sound.items(), 2):
        if moment := first_overlap(left, right, first, first + _HORIZON):
            why = f"it is open together with {one}, first on {moment:%Y-%m-%d at %H:%M} UTC, and AKS then chooses which goes first"
            remedy = "move one of them to another day or time, or shorten it"
            yield Finding(f"{PATH}.{other}", why, remedy)
    yield from _not_allowed(maintenance)


def _windows(maintenance: Maintenance) -> Iterator[tuple[str, Window]]:
    for key, window in (
        ("releases", maintenance.releases),
        ("upgrades", maintenance.upgrades),
        ("nodeOs", maintenance.node_os),
    ):
        if window:
            yield key, window


def _window(key: str, window: Window) -> Iterator[Finding]:
    path = f"{PATH}.{key}"
    schedules = {
        "daily": window.daily,
        "weekly": window.weekly,
        "monthly": window.monthly,
        "relativeMonthly": window.relative_monthly,
    }
    allowed = {"releases": ["weekly"], "upgrades": ["weekly", "monthly", "relativeMonthly"]}.get(
        key, list(schedules)
    )
    written = [name for name, schedule in schedules.items() if schedule is not None]
    if len(written) != 1:
        why = f"a window has one schedule, and this has {len(written) or 'none'}"
        yield Finding(path, why, f"write one of {listed(allowed)}, such as `weekly: {{day: Tuesday}}`")
        return
    if written[0] not in allowed:
        why = f"Azure has no {written[0]} schedule for this window"
        yield Finding(f"{path}.{written[0]}", why, f"write {listed(allowed)}")
    if window.monthly and window.monthly.day_of_month > _SURE_DAY:
        why = f"not every month has a day {window.monthly.day_of_month}, and one without has no maintenance"
        remedy = "write 28 or less, or `relativeMonthly: {week: Last, day: ...}`"
        yield Finding(f"{path}.monthly.dayOfMonth", why, remedy)


def _not_allowed(maintenance: Maintenance) -> Iterator[Finding]:
    spans = list(enumerate(maintenance.not_allowed))
    for index, span in spans:
        path = f"{PATH}.notAllowed[{index}]"
        if span.end < span.start:
            why = f"it ends on {span.end}, before it starts on {span.start}"
            yield Finding(f"{path}.end", why, "write the start's day or a later one")
            continue
        for number, other in spans[:index]:
            if span.start <= other.end and other.start <= span.end:
                yield Finding(path, f"it overlaps {PATH}.notAllowed[{number}]", "join the two")
