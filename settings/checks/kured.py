"""kured by itself: locks and drains that end, labels and selectors that Kubernetes takes."""

import re
from collections.abc import Iterator

from settings import durations
from settings.checks.labels import key_findings, label_findings
from settings.draft import Draft
from settings.finding import Finding
from settings.kured import Kured

PATH = "secure-aks:nodeUpdates.kured"
_TERM = re.compile(
    r"!?[\w./-]+|[\w./-]+\s*(=|==|!=)\s*[\w.-]*|[\w./-]+\s+(in|notin)\s+\([\w.-]+(\s*,\s*[\w.-]+)*\)"
)
_BETWEEN_TERMS = re.compile(r",(?![^(]*\))")


def check(draft: Draft) -> Iterator[Finding]:
    """Yield values of kured that would stop it, or that Kubernetes refuses."""
    if not draft.node_updates or not (kured := draft.node_updates.kured):
        return
    yield from _durations(kured)
    yield from label_findings(f"{PATH}.preRebootNodeLabels", kured.pre_reboot_node_labels)
    yield from label_findings(f"{PATH}.postRebootNodeLabels", kured.post_reboot_node_labels)
    if kured.prefer_no_schedule_taint:
        yield from key_findings(f"{PATH}.preferNoScheduleTaint", kured.prefer_no_schedule_taint, "taint")
    for index, selector in enumerate(kured.blocking_pod_selectors):
        if not all(_TERM.fullmatch(term.strip()) for term in _BETWEEN_TERMS.split(selector)):
            why = f"{selector!r} is not a label selector"
            yield Finding(
                f"{PATH}.blockingPodSelectors[{index}]", why, "write one such as app=payments,tier in (a, b)"
            )
    prometheus = kured.prometheus
    if prometheus and prometheus.alert_filter_match_only and not prometheus.alert_filter:
        why = "without alertFilter no alert matches, and none would ever stop a reboot"
        yield Finding(f"{PATH}.prometheus.alertFilterMatchOnly", why, "add `alertFilter`, or remove the key")


def _durations(kured: Kured) -> Iterator[Finding]:
    drain, lock = durations.parse(kured.drain_timeout), durations.parse(kured.lock_ttl)
    if not drain:
        why = "a drain without an end keeps the lock, and no other node reboots again"
        yield Finding(f"{PATH}.drainTimeout", why, "write a time such as 30m")
    if not lock:
        why = "a lock without an end stays with a node that has vanished, and no other node reboots again"
        yield Finding(f"{PATH}.lockTtl", why, "write a time such as 2h")
    elif lock <= drain + durations.parse(kured.drain_delay):
        why = f"the lock ({kured.lock_ttl}) would end while a drain (up to {kured.drain_timeout}) still runs, and a second node would begin"
        yield Finding(
            f"{PATH}.lockTtl",
            why,
            "write more than drainTimeout and drainDelay together, and time for the reboot",
        )
    if not durations.parse(kured.period):
        yield Finding(f"{PATH}.period", "kured cannot look without a pause", "write a time such as 15m")
