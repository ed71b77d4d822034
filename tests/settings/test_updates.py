import pytest

from tests.settings.helpers import GONE, Case, good, refuse

UPDATES, KURED, MAINTENANCE = (
    "secure-aks:nodeUpdates",
    "secure-aks:nodeUpdates.kured",
    "secure-aks:maintenance",
)


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
    Case("lock shorter than a drain", kured(lockTtl="30m"), f"{KURED}.lockTtl", "would end while a drain (up to 30m) still runs", "more than drainTimeout"),
    Case("lock as long as drain and delay", kured(lockTtl="2h", drainDelay="1h30m"), f"{KURED}.lockTtl", "would end while a drain", "drainDelay"),
    Case("duration", kured(period="15 minutes"), f"{KURED}.period", "not a duration", "1h30m"),
    Case("no pause", kured(period="0s"), f"{KURED}.period", "without a pause", "15m"),
    Case("prometheus without a scheme", kured(prometheus={"url": "prometheus:9090"}), f"{KURED}.prometheus.url", "not an address of a Prometheus", "http://prometheus.monitoring:9090"),
    Case("prometheus without an address", kured(prometheus={}), f"{KURED}.prometheus.url", "required", "add `url`: an http or https address"),
    Case("alert filter", kured(prometheus={"url": "http://p:9090", "alertFilter": "("}), f"{KURED}.prometheus.alertFilter", "not a regular expression", "^Watchdog$"),
    Case("only the alerts that match nothing", kured(prometheus={"url": "http://p:9090", "alertFilterMatchOnly": True}), f"{KURED}.prometheus.alertFilterMatchOnly", "none would ever stop a reboot", "add `alertFilter`"),
    Case("selector", kured(blockingPodSelectors=["app=a", "app is b"]), f"{KURED}.blockingPodSelectors[1]", "not a label selector", "app=payments"),
    Case("selector with an open list", kured(blockingPodSelectors=["app in (a,"]), f"{KURED}.blockingPodSelectors[0]", "not a label selector", "app=payments"),
    Case("label before", kured(preRebootNodeLabels={"re boot": "yes"}), f"{KURED}.preRebootNodeLabels.re boot", "not a key of a label", "63 letters"),
    Case("label after", kured(postRebootNodeLabels={"kubernetes.io/x": "yes"}), f"{KURED}.postRebootNodeLabels.kubernetes.io/x", "reserved", "your own"),
    Case("taint", kured(preferNoScheduleTaint="a b"), f"{KURED}.preferNoScheduleTaint", "not a key of a taint", "63 letters"),
    Case("concurrency", kured(concurrency=0), f"{KURED}.concurrency", "0 is not what it takes", "1 or more"),
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
    "the 28th": {"maintenance.upgrades": {"monthly": {"dayOfMonth": 28}, "startTime": "16:00", "hours": 4}},
    "a pause of one day": {"maintenance.notAllowed[0].end": "2026-12-18"},
    "pauses side by side": {"maintenance.notAllowed": [{"start": "2027-01-05", "end": "2027-01-06"}, {"start": "2026-12-18", "end": "2027-01-04"}, {"start": "2027-01-07", "end": "2027-01-08"}]},
    "kured past midnight on both days": kured(startTime="23:00", endTime="03:00", timeZone="UTC", days=["mo", "tu"]),
    "a lock just longer than drain and delay": kured(lockTtl="2h1s", drainDelay="1h30m"),
    "pods that stop reboots": kured(blockingPodSelectors=["app=a", "tier in (a, b),!canary", "app != b , x", "x notin (y)"]),
    "a Prometheus": kured(prometheus={"url": "https://prom.example/api", "alertFilter": "^Watchdog$", "alertFilterMatchOnly": True}),
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
