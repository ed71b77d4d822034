import pytest

from tests.settings.helpers import GONE, Case, good, refuse

UPDATES, KURED, MAINTENANCE = (
    "secure-aks:nodeUpdates",
    "secure-aks:nodeUpdates.kured",
    "secure-aks:maintenance",
)


WORKSPACE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw"


def kured(**changes):
    return {f"nodeUpdates.kured.{key}": value for key, value in changes.items()}


CASES = [
    Case("kured without its channel", {"nodeUpdates.mode": "node-image"}, KURED, "(NodeImage) never raises the sentinel", "`mode: kured` (channel Unmanaged)"),
    Case("kured with the security channel", {"nodeUpdates.mode": "security-patch"}, KURED, "(SecurityPatch) never raises", "remove `kured`"),
    Case("mode", {"nodeUpdates": {"mode": "kurd"}}, f"{UPDATES}.mode", "'kurd' is not one", "did you mean `kured`?"),
    Case("mode kured, no kured", {"nodeUpdates.kured": None}, KURED, "never reboot", "remove the key"),
    Case("time zone", kured(timeZone="CEST"), f"{KURED}.timeZone", "not a time zone", "Europe/Amsterdam"),
    Case("time", kured(startTime="1:00"), f"{KURED}.startTime", "not a time of day", '"22:00"'),
    Case("time 24", kured(endTime="24:00"), f"{KURED}.endTime", "not a time of day", '"22:00"'),
    Case("day", kured(days=["mo", "tue"]), f"{KURED}.days[1]", "'tue' is not one", "did you mean `tu`?"),
    Case("no days", kured(days=[]), f"{KURED}.days", "the list is empty", "name one at least"),
    Case("no time", kured(startTime="02:00", endTime="02:00"), f"{KURED}.endTime", "no time for any", "a later time"),
    Case("drain without an end", kured(drainTimeout="0s"), f"{KURED}.drainTimeout", "keeps the lock", "30m"),
    Case("lock without an end", kured(lockTtl="0s"), f"{KURED}.lockTtl", "has vanished", "2h"),
    Case("lock shorter than a drain", kured(lockTtl="30m"), f"{KURED}.lockTtl", "a second one would begin: drainDelay 0s, drainTimeout 30m, 15m for the reboot and lockReleaseDelay 5m make 50m", "more than they make"),
    Case("lock as long as a turn", kured(lockTtl="1h", drainDelay="10m"), f"{KURED}.lockTtl", "make 60m", "more than they make"),
    Case("duration", kured(period="15 minutes"), f"{KURED}.period", "not a duration", "1h30m"),
    Case("no pause", kured(period="0s"), f"{KURED}.period", "without a pause", "15m"),
    Case("prometheus without a scheme", kured(prometheus={"url": "prometheus:9090"}), f"{KURED}.prometheus.url", "not an address of a Prometheus", "http://prometheus.monitoring:9090"),
    Case("prometheus without an address", kured(prometheus={}), f"{KURED}.prometheus.url", "required", "add `url`: an http or https address"),
    Case("alert filter", kured(prometheus={"url": "http://p:9090", "alertFilter": "("}), f"{KURED}.prometheus.alertFilter", "not a regular expression that Go takes (missing )", "^NodeMaintenance$"),
    Case("alert filter that Go does not know", kured(prometheus={"url": "http://p:9090", "alertFilter": "^(?!Etcd)"}), f"{KURED}.prometheus.alertFilter", "Go takes (invalid perl operator: (?!)", "^NodeMaintenance$"),
    Case("alert that only the reboot ends", kured(prometheus={"url": "http://p:9090", "alertFilter": "Reboot|dog$", "alertFilterMatchOnly": True}), f"{KURED}.prometheus.alertFilter", "KuredRebootOverdue, Watchdog would stop reboots", "does not match them"),
    Case("Prometheus that wants a token", kured(prometheus={"url": "https://amw-x1.westeurope.prometheus.monitor.azure.com"}), f"{KURED}.prometheus.url", "wants an Entra token, which kured cannot send", "a proxy in the cluster"),
    Case("Prometheus with a password", kured(prometheus={"url": "http://me:secret@p:9090"}), f"{KURED}.prometheus.url", "stands in the arguments", "an authenticating proxy"),
    Case("collector", kured(monitoring={"collector": "prometheus"}), f"{KURED}.monitoring.collector", "'prometheus' is not one", "did you mean `prometheus-operator`?"),
    Case("azure-monitor without a workspace", kured(monitoring={"collector": "azure-monitor"}), f"{KURED}.monitoring.workspaceId", "none is named", "resource id"),
    Case("workspace", kured(monitoring={"collector": "azure-monitor", "workspaceId": "amw"}), f"{KURED}.monitoring.workspaceId", "not the resource id of an Azure Monitor workspace", "Microsoft.Monitor/accounts"),
    Case("workspace of an operator", kured(monitoring={"collector": "prometheus-operator", "workspaceId": WORKSPACE}), f"{KURED}.monitoring.workspaceId", "evaluates its rules itself", "azure-monitor"),
    Case("labels for Azure Monitor", kured(monitoring={"collector": "azure-monitor", "workspaceId": WORKSPACE, "labels": {"a": "b"}}), f"{KURED}.monitoring.labels", "every ServiceMonitor of its kind", "remove them"),
    Case("monitoring label", kured(monitoring={"collector": "prometheus-operator", "labels": {"a b": "c"}}), f"{KURED}.monitoring.labels.a b", "not a key of a label", "63 letters"),
    Case("overdue at once", kured(monitoring={"collector": "prometheus-operator", "overdueDays": 0}), f"{KURED}.monitoring.overdueDays", "0 is not what it takes", "1 to 90"),
    Case("notification", kured(notifyUrl="token-at-channel"), f"{KURED}.notifyUrl", "not an address of shoutrrr's form (and is not shown here)", "slack://token@channel"),
    Case("label before only", kured(preRebootNodeLabels={"a": "yes"}), f"{KURED}.preRebootNodeLabels.a", "for ever", "add `a` to postRebootNodeLabels"),
    Case("label after only", kured(postRebootNodeLabels={"a": "no"}), f"{KURED}.postRebootNodeLabels.a", "tells nothing", "add `a` to preRebootNodeLabels"),
    Case("pause longer than the time to reboot", kured(period="4h1m"), f"{KURED}.period", "looks every 4h1m, and the time to reboot lasts 240m", "15m"),
    Case("a drain past the window", kured(drainTimeout="2h1m", lockTtl="3h"), f"{KURED}.startTime", "a node whose drain begins at 05:00 may go down on Monday at 07:01 (drainDelay, drainTimeout), when the node OS window is closed", "lengthen"),
    Case("kured during upgrades", {"environment": "dev", "maintenance.nodeOs": GONE} | kured(days=["sa"], endTime="08:40"), f"{KURED}.startTime", "while upgrades is open, first on 2026-11-28 at 08:00 UTC", "around kured"),
    Case("only the alerts that match nothing", kured(prometheus={"url": "http://p:9090", "alertFilterMatchOnly": True}), f"{KURED}.prometheus.alertFilterMatchOnly", "none would ever stop a reboot", "add `alertFilter`"),
    Case("selector", kured(blockingPodSelectors=["app=a", "app is b"]), f"{KURED}.blockingPodSelectors[1]", "not a label selector", "app=payments"),
    Case("selector with an open list", kured(blockingPodSelectors=["app in (a,"]), f"{KURED}.blockingPodSelectors[0]", "not a label selector", "app=payments"),
    Case("label before", kured(preRebootNodeLabels={"x": "a b"}, postRebootNodeLabels={"x": "b"}), f"{KURED}.preRebootNodeLabels.x", "not a value of a label", "63 letters"),
    Case("label after", kured(preRebootNodeLabels={"x": "a"}, postRebootNodeLabels={"x": "b c"}), f"{KURED}.postRebootNodeLabels.x", "not a value of a label", "63 letters"),
    Case("taint", kured(preferNoScheduleTaint="a b"), f"{KURED}.preferNoScheduleTaint", "not a key of a taint", "63 letters"),
    Case("concurrency", kured(concurrency=0), f"{KURED}.concurrency", "0 is not what it takes", "1 to 1000"),
    Case("kured by day", kured(startTime="09:00", endTime="10:00"), f"{KURED}.startTime", "at the UTC offset +01:00 of Europe/Amsterdam, kured would reboot nodes on Monday at 09:00", "inside of it"),
    Case("kured too long in winter", kured(endTime="07:30"), f"{KURED}.startTime", "offset +01:00 of Europe/Amsterdam, kured would reboot nodes on Monday at 07:01", "lengthen"),
    Case("kured too early in summer", kured(startTime="23:30"), f"{KURED}.startTime", "offset +02:00 of Europe/Amsterdam, kured would reboot nodes on Monday at 23:30", "inside of it"),
    Case("kured on the wrong day", {"maintenance.nodeOs": {"weekly": {"day": "Monday"}, "startTime": "22:00", "hours": 8}} | kured(days=["mo"]), f"{KURED}.startTime", "on Monday at 01:00", "days of kured"),
    Case("kured in a monthly window", {"maintenance.nodeOs": {"monthly": {"dayOfMonth": 1}, "startTime": "22:00", "hours": 8}}, f"{MAINTENANCE}.nodeOs", "not open every week", "`daily: {}`"),
    Case("window for nothing", {"environment": "dev", "nodeUpdates": {"mode": "none"}}, f"{MAINTENANCE}.nodeOs", "nothing is updated", "remove it"),
    Case("no schedule", {"maintenance.upgrades.weekly": GONE}, f"{MAINTENANCE}.upgrades", "has none", "`weekly`, `monthly` or `relativeMonthly`"),
    Case("two schedules", {"maintenance.upgrades.monthly": {"dayOfMonth": 3}}, f"{MAINTENANCE}.upgrades", "one schedule, and this has 2", "write one of"),
    Case("daily upgrades", {"maintenance.upgrades": {"daily": {}, "startTime": "10:00", "hours": 4}}, f"{MAINTENANCE}.upgrades.daily", "no daily schedule", "`weekly`"),
    Case("monthly releases", {"maintenance.releases": {"monthly": {"dayOfMonth": 1}, "startTime": "10:00", "hours": 4}}, f"{MAINTENANCE}.releases.monthly", "no monthly schedule", "write `weekly`"),
    Case("too short", {"maintenance.upgrades.hours": 3}, f"{MAINTENANCE}.upgrades.hours", "3 is not what it takes", "4 to 24"),
    Case("the 31st", {"maintenance.upgrades": {"monthly": {"dayOfMonth": 31}, "startTime": "10:00", "hours": 4}}, f"{MAINTENANCE}.upgrades.monthly.dayOfMonth", "not every month has a day 31", "28 or less"),
    Case("the 32nd", {"maintenance.upgrades": {"monthly": {"dayOfMonth": 32}, "startTime": "10:00", "hours": 4}}, f"{MAINTENANCE}.upgrades.monthly.dayOfMonth", "32 is not what it takes", "1 to 31"),
    Case("utc offset", {"maintenance.upgrades.utcOffset": "CET"}, f"{MAINTENANCE}.upgrades.utcOffset", "not a UTC offset", '"+01:00"'),
    Case("impossible date", {"maintenance.upgrades.startDate": "2026-02-30"}, f"{MAINTENANCE}.upgrades.startDate", "not a day of the calendar", "2026-12-18"),
    Case("impossible pause", {"maintenance.notAllowed[0].start": "2026-11-31"}, f"{MAINTENANCE}.notAllowed[0].start", "not a day of the calendar", "2026-12-18"),
    Case("pause backwards", {"maintenance.notAllowed[0].end": "2026-12-17"}, f"{MAINTENANCE}.notAllowed[0].end", "before it starts on 2026-12-18", "a later one"),
    Case("pauses overlap", {"maintenance.notAllowed[1]": {"start": "2027-01-04", "end": "2027-01-05"}}, f"{MAINTENANCE}.notAllowed[1]", "overlaps secure-aks:maintenance.notAllowed[0]", "join the two"),
    Case("pauses overlap, the later first", {"maintenance.notAllowed": [{"start": "2027-03-01", "end": "2027-03-05"}, {"start": "2027-01-01", "end": "2027-03-01"}]}, f"{MAINTENANCE}.notAllowed[1]", "overlaps", "join the two"),
    Case("pause backwards around another", {"maintenance.notAllowed[1]": {"start": "2027-01-05", "end": "2026-12-01"}}, f"{MAINTENANCE}.notAllowed[1].end", "before it starts", "a later one"),
    Case("windows overlap", {"maintenance.releases.weekly.day": "Saturday"}, f"{MAINTENANCE}.upgrades", "open together with releases, first on 2026-11-28 at 08:00 UTC", "another day or time"),
    Case("windows overlap past midnight", {"maintenance.upgrades": {"weekly": {"day": "Saturday"}, "startTime": "18:00", "hours": 16}, "maintenance.nodeOs": {"weekly": {"day": "Wednesday"}, "startTime": "22:00", "hours": 8}} | kured(days=["th"]), f"{MAINTENANCE}.upgrades", "first on 2026-11-29 at 08:00 UTC", "shorten it"),
    Case("windows overlap by their offsets", {"maintenance.upgrades.startTime": "15:00", "maintenance.upgrades.utcOffset": "-01:00"}, f"{MAINTENANCE}.nodeOs", "first on 2026-11-28 at 22:00 UTC", "another day"),
]  # fmt: skip

FINE = {
    "a workspace": kured(monitoring={"collector": "azure-monitor", "workspaceId": WORKSPACE}),
    "an operator": kured(monitoring={"collector": "prometheus-operator", "labels": {"release": "prometheus"}}),
    "the same label before and after": kured(preRebootNodeLabels={"a": "yes"}, postRebootNodeLabels={"a": "no"}),
    "a pause as long as the time to reboot": kured(period="4h"),
    "a drain until the window ends": kured(drainTimeout="1h", lockTtl="3h"),
    "a proxy before Azure Monitor": kured(prometheus={"url": "http://auth-proxy.monitoring:8082/workspaces/prometheus.monitor.azure.com"}),
    "the 28th": {"maintenance.upgrades": {"monthly": {"dayOfMonth": 28}, "startTime": "16:00", "hours": 4}},
    "a pause of one day": {"maintenance.notAllowed[0].end": "2026-12-18"},
    "pauses side by side": {"maintenance.notAllowed": [{"start": "2027-01-05", "end": "2027-01-06"}, {"start": "2026-12-18", "end": "2027-01-04"}, {"start": "2027-01-07", "end": "2027-01-08"}]},
    "kured past midnight on both days": kured(startTime="23:00", endTime="03:00", timeZone="UTC", days=["mo", "tu"]),
    "a lock just longer than a turn": kured(lockTtl="1h1s", drainDelay="10m"),
    "pods that stop reboots": kured(blockingPodSelectors=["app=a", "tier in (a, b),!canary", "app != b , x", "x notin (y)"]),
    "a Prometheus": kured(prometheus={"url": "https://prom.example/api", "alertFilter": "^Etcd", "alertFilterMatchOnly": True}),
    "no taint": kured(preferNoScheduleTaint=None),
    "windows one after the other": {"maintenance.releases": {"weekly": {"day": "Saturday"}, "startTime": "16:00", "hours": 6}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


@pytest.mark.parametrize(
    ("mode", "channel"),
    [
        ("kured", "Unmanaged"),
        ("security-patch", "SecurityPatch"),
        ("node-image", "NodeImage"),
        ("none", "None"),
    ],
)
def test_channel_of_a_mode(mode, channel):
    window = {"maintenance.nodeOs": GONE} if mode == "none" else {}
    settings = good({"environment": "dev", "nodeUpdates": {"mode": mode}} | window)
    assert settings.node_updates.channel == channel
    assert (settings.node_updates.kured is not None) is (mode == "kured")


def test_kureds_defaults_are_safer_than_the_charts():
    settings = good({"nodeUpdates.kured": GONE}).node_updates.kured
    assert settings
    assert (settings.lock_ttl, settings.drain_timeout) == ("2h", "30m")
    assert not settings.force_reboot


def test_a_notification_address_is_never_shown():
    settings = good(kured(notifyUrl="slack://token@channel"))
    assert "token" not in repr(settings)
    assert settings.node_updates.kured
    assert settings.node_updates.kured.notify_url
    assert settings.node_updates.kured.notify_url.get_secret_value() == "slack://token@channel"
