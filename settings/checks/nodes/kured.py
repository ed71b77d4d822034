"""kured by itself: locks and drains that end, labels and selectors that Kubernetes takes."""

import re
from collections.abc import Iterator
from datetime import timedelta

from settings.calendar.reboots import slot_length
from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.pools.labels import key_findings, label_findings
from settings.fields import durations
from settings.fields.patterns import finds
from settings.sections.kured import REBOOT_ALLOWANCE, Kured
from settings.sections.kured_prometheus import ALWAYS_IGNORED, OVERDUE_ALERT, Monitoring, Prometheus

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
    yield from _concurrency(draft, kured)
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
    yield from _same_keys(kured)
    if kured.prometheus:
        yield from _prometheus(kured.prometheus)
    if kured.monitoring:
        yield from _monitoring(kured.monitoring)


def _concurrency(draft: Draft, kured: Kured) -> Iterator[Finding]:
    fewest = sum(pool.min_nodes for pool in draft.pools.values() if pool.is_linux)
    if draft.complete and draft.pools and kured.concurrency > 1 and kured.concurrency >= fewest:
        why = f"{kured.concurrency} nodes may reboot at the same time, and there may be only {fewest} Linux nodes in all"
        yield Finding(f"{PATH}.concurrency", why, f"write {max(fewest // 3, 1)} or less")


def _prometheus(prometheus: Prometheus) -> Iterator[Finding]:
    path = f"{PATH}.prometheus"
    only = prometheus.alert_filter if prometheus.alert_filter_match_only else None
    if prometheus.alert_filter_match_only and not only:
        why = "without alertFilter no alert matches, and none would ever stop a reboot"
        yield Finding(f"{path}.alertFilterMatchOnly", why, "add `alertFilter`, or remove the key")
    if only and (caught := [name for name in ALWAYS_IGNORED if finds(only, name)]):
        why = (
            f"{', '.join(caught)} would stop reboots: {OVERDUE_ALERT} fires until the reboot that it would stop, "
            "the others fire always"
        )
        yield Finding(f"{path}.alertFilter", why, "write a pattern that does not match them, such as ^Etcd")


def _monitoring(monitoring: Monitoring) -> Iterator[Finding]:
    path = f"{PATH}.monitoring"
    of_azure = monitoring.collector == "azure-monitor"
    if of_azure and not monitoring.workspace_id:
        why = "the alert is a rule group of an Azure Monitor workspace, and none is named"
        yield Finding(
            f"{path}.workspaceId", why, "write the resource id of the workspace with the cluster's metrics"
        )
    if not of_azure and monitoring.workspace_id:
        why = "a Prometheus of the operator evaluates its rules itself"
        yield Finding(f"{path}.workspaceId", why, "remove it, or write `collector: azure-monitor`")
    if of_azure and monitoring.labels:
        yield Finding(
            f"{path}.labels", "Azure Monitor collects every ServiceMonitor of its kind", "remove them"
        )
    yield from label_findings(f"{path}.labels", monitoring.labels)


def _same_keys(kured: Kured) -> Iterator[Finding]:
    before, after = set(kured.pre_reboot_node_labels), set(kured.post_reboot_node_labels)
    for key in sorted(before - after):
        why = "the label would stay as it is before a reboot for ever"
        yield Finding(f"{PATH}.preRebootNodeLabels.{key}", why, f"add `{key}` to postRebootNodeLabels")
    for key in sorted(after - before):
        why = "the label would have one value only, which tells nothing"
        yield Finding(f"{PATH}.postRebootNodeLabels.{key}", why, f"add `{key}` to preRebootNodeLabels")


def _durations(kured: Kured) -> Iterator[Finding]:
    drain, lock = durations.parse(kured.drain_timeout), durations.parse(kured.lock_ttl)
    if not drain:
        why = "a drain without an end keeps the lock, and no other node reboots again"
        yield Finding(f"{PATH}.drainTimeout", why, "write a time such as 30m")
    if not lock:
        why = "a lock without an end stays with a node that has vanished, and no other node reboots again"
        yield Finding(f"{PATH}.lockTtl", why, "write a time such as 2h")
    elif drain and lock <= kured.longest_turn:
        why = (
            f"the lock ({kured.lock_ttl}) may end before a node is back, and a second one would begin: drainDelay "
            f"{kured.drain_delay}, drainTimeout {kured.drain_timeout}, {_minutes(REBOOT_ALLOWANCE)} for the reboot and "
            f"lockReleaseDelay {kured.lock_release_delay} make {_minutes(kured.longest_turn)}"
        )
        yield Finding(f"{PATH}.lockTtl", why, "write more than they make together")
    period, slot = durations.parse(kured.period), slot_length(kured)
    if not period:
        yield Finding(f"{PATH}.period", "kured cannot look without a pause", "write a time such as 15m")
    elif slot and period > slot:
        why = (
            f"a node looks every {kured.period}, and the time to reboot lasts {_minutes(slot)}: a node that looks "
            "before and after it would never reboot"
        )
        yield Finding(f"{PATH}.period", why, "write a time such as 15m, or move endTime")


def _minutes(time: timedelta) -> str:
    return f"{time // timedelta(minutes=1)}m"
