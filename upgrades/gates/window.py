"""The maintenance window."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from upgrades.plan.cost import load_now
from upgrades.render.words import day_and_time, span
from upgrades.windows.closed import closed_by
from upgrades.windows.now import closes, next_fit, window
from upgrades.windows.openings import longest_opening

from .base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View

    from .base import Result


class Window(Gate):
    """A change outside the window that the stack names, or one that runs past its end, surprises the people who rely on it."""

    code = "WINDOW001"
    title = "The maintenance window is open for as long as the step may take"
    reads = ("window_open",)
    of_all = True

    def run(self, view: View, step: Step, before: View | None = None) -> Result:
        """Return the verdict; where the stack's section is at hand, nothing else has to be read."""
        if view.maintenance is None:
            return super().run(view, step, before)
        return self.result(tuple(_placed(view, step)))

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        if not view.window_open:
            opens = (
                view.next_window.isoformat(timespec="minutes")
                if view.next_window
                else "not within the next 8 weeks"
            )
            yield Finding("maintenance window", "is closed", f"wait; it opens {opens}")


def _placed(view: View, step: Step) -> Iterator[Finding]:
    maintenance = view.maintenance
    if maintenance is None:
        return
    longest = load_now(step, view).duration.longest
    begin = next_fit(maintenance, view.at, longest)
    if begin == view.at:
        return
    is_open, _ = window(maintenance, view.at)
    end = closes(maintenance, view.at)
    why = "is closed"
    if is_open and end is not None:
        left = (end - view.at) // timedelta(minutes=1)
        why = f"closes {day_and_time(end)}, in {span(left)}, and the step takes at most {span(longest)}"
    if begin is None and longest <= longest_opening(maintenance.upgrades):
        closed, remedy = closed_by(maintenance, view.at.date())
        yield Finding(
            "maintenance window", f"{why}; no opening comes that takes {span(longest)}: {closed}", remedy
        )
        return
    if begin is None:
        yield Finding(
            "maintenance window",
            f"{why}; none of its openings is long enough for {span(longest)}",
            "lengthen secure-aks:maintenance.upgrades, raise the pool's maxSurge, or lower its drain time-out",
        )
        return
    yield Finding("maintenance window", why, f"wait; the next opening that fits begins {day_and_time(begin)}")
