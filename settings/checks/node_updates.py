"""Node OS updates: the mode, kured, and the window they happen in."""

from collections.abc import Iterator

from settings.draft import Draft
from settings.finding import Finding
from settings.kured import Kured
from settings.maintenance import Window
from settings.node_updates import NodeUpdates
from settings.reboots import outside, recurs_weekly

PATH = "secure-aks:nodeUpdates"
_NODE_OS = "secure-aks:maintenance.nodeOs"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield combinations in which updates or reboots would not happen, or not when they should."""
    updates, maintenance = draft.node_updates, draft.maintenance
    if not updates:
        return
    yield from _mode(updates)
    if updates.mode == "kured" and updates.kured and maintenance and maintenance.node_os:
        yield from _window(draft, updates.kured, maintenance.node_os)
    if updates.mode == "none" and maintenance and maintenance.node_os:
        why = "with mode none nothing is updated in that window"
        yield Finding(_NODE_OS, why, "remove it, or choose another secure-aks:nodeUpdates.mode")


def _mode(updates: NodeUpdates) -> Iterator[Finding]:
    if updates.kured and updates.mode != "kured":
        why = (
            f"the node OS channel of mode {updates.mode} ({updates.channel}) never raises the sentinel "
            "/var/run/reboot-required, so kured would never do anything"
        )
        yield Finding(f"{PATH}.kured", why, "write `mode: kured` (channel Unmanaged), or remove `kured`")
    if updates.mode == "kured" and not updates.kured:
        why = "mode kured without kured would never reboot a node"
        yield Finding(f"{PATH}.kured", why, "remove the key (for the defaults), or fill it")


def _window(draft: Draft, kured: Kured, window: Window) -> Iterator[Finding]:
    path = f"{PATH}.kured"
    if kured.start_time == kured.end_time:
        why = f"reboots begin and end at {kured.start_time}, so there is no time for any"
        yield Finding(f"{path}.endTime", why, "write a later time")
    elif not recurs_weekly(window):
        why = "kured reboots every week, and the node OS window is not open every week"
        yield Finding(
            _NODE_OS, why, "write `daily: {}` or `weekly: {day: ...}`, or another secure-aks:nodeUpdates.mode"
        )
    elif late := outside(kured, window, draft.context.today):
        why = (
            f"at the UTC offset {late.offset} of {kured.time_zone}, kured would reboot nodes on {late.day} "
            f"at {late.time}, when the node OS window is closed"
        )
        remedy = f"move startTime, endTime or days of kured inside of it, or lengthen {_NODE_OS}"
        yield Finding(f"{path}.startTime", why, remedy)
