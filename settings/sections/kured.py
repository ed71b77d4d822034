"""kured: reboots of nodes that ask for one. The fields are the chart's values of the same meaning."""

import re
from datetime import timedelta
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from settings.fields.base import Words, refused
from settings.fields.durations import Duration, parse
from settings.fields.secret import SECRET
from settings.fields.types import ClockTime
from settings.sections.base import Section
from settings.sections.kured_prometheus import Monitoring, Prometheus

_NOTIFY = re.compile(r"[a-z][a-z0-9+.-]*://\S+")

REBOOT_ALLOWANCE = timedelta(minutes=15)
"""What a node is given to come back after a reboot: an estimate on the safe side; most take two to five minutes."""

Weekday = Literal["su", "mo", "tu", "we", "th", "fr", "sa"]


# Names of the database that are no place, or a place under another count of seconds.
_NO_PLACE = re.compile(r"Factory|localtime|posixrules|(posix|right|SystemV)/.*")


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones  # noqa: PLC0415  # reads the zone database: only when there is a name to check

    return frozenset(available_timezones())


def _zone(value: str) -> str:
    if value in _zones() and not _NO_PLACE.fullmatch(value):
        return value
    raise refused(f"{value!r} is not a time zone", "write an IANA name such as Europe/Amsterdam")


def _notify(value: SecretStr) -> SecretStr:
    if value.get_secret_value() == SECRET or _NOTIFY.fullmatch(value.get_secret_value()):
        return value
    raise refused(
        "it is not an address of shoutrrr's form (and is not shown here)",
        "write one such as slack://token@channel",
    )


class Kured(Section):
    """When and how kured reboots nodes."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("mo", "tu", "we", "th")
    """Days to reboot on."""
    start_time: ClockTime = "01:00"
    """Start of the reboots, in timeZone."""
    end_time: ClockTime = "05:00"
    """End of the reboots, in timeZone."""
    time_zone: Annotated[str, AfterValidator(_zone), Words("an IANA time zone")] = "UTC"
    """IANA time zone of the times above."""
    period: Duration = "15m"
    """How often each node looks for the sentinel."""
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 1
    """Nodes that may reboot at the same time."""
    lock_ttl: Duration = "2h"
    """After this long a lock counts no more, such as that of a node that vanished; the chart's own 0 keeps it for ever."""
    lock_release_delay: Duration = "5m"
    """Wait after a reboot before the next node may begin."""
    drain_timeout: Duration = "30m"
    """Longest drain of a node; the chart's own 0 never gives up."""
    drain_grace_period_seconds: Annotated[int, Field(ge=-1, le=86_400)] = -1
    """Seconds that a drained pod gets; -1: the pod's own."""
    drain_delay: Duration = "0s"
    """Wait before the drain begins."""
    skip_wait_for_delete_timeout_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    """Do not wait for pods that are being deleted for longer than this; 0 waits."""
    force_reboot: bool = False
    """Reboot although the drain failed; a PodDisruptionBudget then protects nothing."""
    blocking_pod_selectors: tuple[str, ...] = ()
    """Label selectors of pods whose presence stops the reboot of their node."""
    prometheus: Prometheus | None = None
    """Reboots wait while alerts fire there."""
    notify_url: Annotated[SecretStr, AfterValidator(_notify), Words("a secret address")] | None = None
    """Address for notifications (shoutrrr form), kept in a Secret; set it with `pulumi config set --secret --path`."""
    pre_reboot_node_labels: dict[str, str] = Field(default_factory=dict)
    """Labels on a node from before its drain until after its reboot; the same keys as in postRebootNodeLabels."""
    post_reboot_node_labels: dict[str, str] = Field(default_factory=dict)
    """Labels on a node after its reboot; the same keys as in preRebootNodeLabels."""
    prefer_no_schedule_taint: str | None = "kured.dev/reboot-pending"
    """Taint (PreferNoSchedule) on nodes that wait for a reboot."""
    annotate_nodes: bool = True
    """Annotate nodes with the state of their reboot."""
    monitoring: Monitoring | None = None
    """kured's metrics, collected, and an alert on nodes that have needed a reboot for too long."""
    log_format: Literal["text", "json"] = "json"
    """Form of the log lines."""

    @property
    def longest_drain(self) -> timedelta:
        """From the lock until the reboot at the latest; kured looks at its times before it, and no more."""
        return parse(self.drain_delay) + parse(self.drain_timeout)

    @property
    def longest_turn(self) -> timedelta:
        """How long one node may keep the lock: drain, reboot, release."""
        return self.longest_drain + REBOOT_ALLOWANCE + parse(self.lock_release_delay)
