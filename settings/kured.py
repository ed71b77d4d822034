"""kured: reboots of nodes that ask for one. The fields are the chart's values of the same meaning."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from settings.base import Section, Words
from settings.durations import Duration
from settings.types import ClockTime, matching, refused

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")

Weekday = Literal["su", "mo", "tu", "we", "th", "fr", "sa"]


def _zone(value: str) -> str:
    from zoneinfo import available_timezones  # noqa: PLC0415  # reads the zone database: only when there is a name to check

    if value in available_timezones():
        return value
    raise refused(f"{value!r} is not a time zone", "write an IANA name such as Europe/Amsterdam")


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise refused(
            f"{value!r} is not a regular expression ({error})", "write one such as ^Watchdog$"
        ) from None
    return value


class Prometheus(Section):
    """Reboots wait while alerts fire."""

    url: Annotated[
        str,
        matching(_URL, "an address of a Prometheus", "write one such as http://prometheus.monitoring:9090"),
        Words("an http or https address"),
    ]
    """Address of the Prometheus that kured asks; an error there stops reboots too."""
    alert_filter: Annotated[str, AfterValidator(_pattern), Words("a regular expression")] | None = None
    """Regular expression of alert names to ignore (see alertFilterMatchOnly)."""
    alert_filter_match_only: bool = False
    """Only alerts that match the filter stop a reboot, instead of all others."""
    firing_only: bool = True
    """Pending alerts do not stop a reboot."""


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
    concurrency: Annotated[int, Field(ge=1)] = 1
    """Nodes that may reboot at the same time."""
    lock_ttl: Duration = "2h"
    """After this long the lock of a vanished node is released; the chart's own 0 never releases it."""
    lock_release_delay: Duration = "5m"
    """Wait after a reboot before the next node may begin."""
    drain_timeout: Duration = "30m"
    """Longest drain of a node; the chart's own 0 never gives up."""
    drain_grace_period_seconds: Annotated[int, Field(ge=-1)] = -1
    """Seconds that a drained pod gets; -1: the pod's own."""
    drain_delay: Duration = "0s"
    """Wait before the drain begins."""
    skip_wait_for_delete_timeout_seconds: Annotated[int, Field(ge=0)] = 0
    """Do not wait for pods that are being deleted for longer than this; 0 waits."""
    force_reboot: bool = False
    """Reboot although the drain failed; a PodDisruptionBudget then protects nothing."""
    blocking_pod_selectors: tuple[str, ...] = ()
    """Label selectors of pods whose presence stops the reboot of their node."""
    prometheus: Prometheus | None = None
    """Reboots wait while alerts fire there."""
    notify_url: SecretStr | None = None
    """Address for notifications (shoutrrr form); set it with `pulumi config set --secret --path`."""
    pre_reboot_node_labels: dict[str, str] = Field(default_factory=dict)
    """Labels on a node before its reboot."""
    post_reboot_node_labels: dict[str, str] = Field(default_factory=dict)
    """Labels on a node after its reboot."""
    prefer_no_schedule_taint: str | None = "kured.dev/reboot-pending"
    """Taint (PreferNoSchedule) on nodes that wait for a reboot."""
    annotate_nodes: bool = True
    """Annotate nodes with the state of their reboot."""
    metrics: bool = False
    """Service and ServiceMonitor for Prometheus (the cluster needs the ServiceMonitor kind)."""
    log_format: Literal["text", "json"] = "json"
    """Form of the log lines."""
    overdue_days: Annotated[int, Field(ge=1)] = 7
    """Days that a node may need a reboot before the alert fires."""
