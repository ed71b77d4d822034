"""Node OS updates: the mode, kured, and the window they happen in."""

from collections.abc import Iterator
from datetime import timedelta

from settings.calendar.reboots import outside, recurs_weekly, slots
from settings.calendar.windows import first_common, occurrences
from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.kured import Kured
from settings.sections.maintenance import Maintenance, Window
from settings.sections.node_updates import NodeUpdates

PATH = "secure-aks:nodeUpdates"
_NO_UNMANAGED = {"AzureLinuxOSGuard", "AzureContainerLinux", "Flatcar"}
"""Node images that are replaced as a whole: nothing patches them in place."""
_NODE_OS = "secure-aks:maintenance.nodeOs"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield combinations in which updates or reboots would not happen, or not when they should."""
    updates, maintenance = draft.node_updates, draft.maintenance
    if not updates:
        return
    yield from _mode(updates)
    yield from _no_unmanaged(draft, updates)
    if updates.mode == "kured" and updates.kured and maintenance:
        if updates.kured.start_time == updates.kured.end_time:
            why = f"reboots begin and end at {updates.kured.start_time}, so there is no time for any"
            yield Finding(f"{PATH}.kured.endTime", why, "write a later time")
        elif maintenance.node_os:
            yield from _window(draft, updates.kured, maintenance.node_os)
        else:
            yield from _apart(draft, updates.kured, maintenance)
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


def _no_unmanaged(draft: Draft, updates: NodeUpdates) -> Iterator[Finding]:
    without = [pool.name for pool in draft.pools.values() if pool.os_sku in _NO_UNMANAGED]
    if updates.channel == "Unmanaged" and without:
        why = f"mode {updates.mode} is the channel Unmanaged, which the node image of {', '.join(without)} does not have"
        yield Finding(f"{PATH}.mode", why, "write node-image or security-patch, or choose another osSku")


def _window(draft: Draft, kured: Kured, window: Window) -> Iterator[Finding]:
    path = f"{PATH}.kured"
    if not recurs_weekly(window):
        why = "kured reboots every week, and the node OS window is not open every week"
        yield Finding(
            _NODE_OS, why, "write `daily: {}` or `weekly: {day: ...}`, or another secure-aks:nodeUpdates.mode"
        )
    elif late := outside(kured, window, draft.context.today):
        down = (
            f"kured would reboot nodes on {late.day} at {late.time}"
            if late.begun is None
            else f"a node whose drain begins at {late.begun} may go down on {late.day} at {late.time} (drainDelay, drainTimeout)"
        )
        why = (
            f"at the UTC offset {late.offset} of {kured.time_zone}, {down}, when the node OS window is closed"
        )
        remedy = f"move startTime, endTime or days of kured inside of it, or lengthen {_NODE_OS}"
        yield Finding(f"{path}.startTime", why, remedy)


def _apart(draft: Draft, kured: Kured, maintenance: Maintenance) -> Iterator[Finding]:
    """Without a node OS window, which is apart from the others, kured has to be so by itself."""
    first, last = draft.context.today, draft.context.today + timedelta(days=366)
    reboots = [(begin, end + kured.longest_drain) for begin, end in slots(kured, first, last)]
    for key, window in (("releases", maintenance.releases), ("upgrades", maintenance.upgrades)):
        if window and (moment := first_common(reboots, occurrences(window, first, last))):
            why = (
                f"kured would drain nodes while {key} is open, first on {moment:%Y-%m-%d at %H:%M} UTC, "
                "when AKS replaces nodes or the control plane"
            )
            yield Finding(f"{PATH}.kured.startTime", why, f"move one of them, or add {_NODE_OS} around kured")
