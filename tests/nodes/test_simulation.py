"""A pool rebooted by the model of kured under our settings: turns, hours, budgets, alerts, and nodes that vanish."""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.program.reboots import kured_args
from components.reboots.values import kured_values
from settings.calendar.reboots import slots
from settings.fields.durations import parse
from settings.sections.kured import REBOOT_ALLOWANCE, Kured
from tests.nodes.kured_chart import arguments
from tests.nodes.kured_model import Flags, daemon
from tests.settings.helpers import read
from upgrades.windows.passes import kured_pass

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
EVERY_DAY = ["su", "mo", "tu", "we", "th", "fr", "sa"]


@dataclass
class Pool:
    """Nodes with pods of one application, of which a PodDisruptionBudget keeps `at_least` ready."""

    nodes: list[str]
    replicas: int = 0
    at_least: int = 0
    reboot_seconds: float = 180
    pod_seconds: float = 20
    firing: list[tuple[float, float, str]] = field(default_factory=list)
    vanishes: str = ""

    def __post_init__(self):
        self.seconds = 0.0
        self.annotation = None
        self.cordoned = set()
        self.gone = set()
        self.wants = set(self.nodes)
        self.events = []
        self.pods = {
            n: (self.nodes[n % len(self.nodes)], 0.0) for n in range(self.replicas)
        }  # node, ready at

    def now(self):
        return BEGIN + timedelta(seconds=self.seconds)

    def needs_reboot(self, node):
        return node in self.wants

    def alerts(self):
        return [(name, "firing") for begin, end, name in self.firing if begin <= self.seconds < end]

    def lock(self):
        return self.annotation

    def set_lock(self, node, value):
        self.annotation = value
        return True

    def cordon(self, node, *, on):
        (self.cordoned.add if on else self.cordoned.discard)(node)

    def ready(self):
        return [pod for pod, (node, since) in self.pods.items() if node and since <= self.seconds]

    def evict(self, node):
        self._schedule()
        for pod, (where, _) in list(self.pods.items()):
            if where == node:
                after = [one for one in self.ready() if one != pod]
                if len(after) >= self.at_least or pod not in self.ready():
                    self.pods[pod] = ("", 0.0)
        self._schedule()
        assert len(self.ready()) >= min(self.at_least, self.replicas)
        return not any(where == node for where, _ in self.pods.values())

    def _schedule(self):
        room = [node for node in self.nodes if node not in self.cordoned | self.gone]
        for number, (pod, (node, _)) in enumerate(self.pods.items()):
            if not node and room:
                self.pods[pod] = (room[number % len(room)], self.seconds + self.pod_seconds)

    def reboot(self, node):
        if node == self.vanishes:
            self.gone.add(node)
            return 1e9
        self.wants.discard(node)
        return self.reboot_seconds

    def note(self, node, what):
        self.events.append((self.seconds, node, what))

    def of(self, what):
        return [(BEGIN + timedelta(seconds=at), node) for at, node, event in self.events if event == what]


def simulate(pool, kured, hours, seed=0):
    """Run kured on every node with the arguments that the chart makes of our values."""
    flags = Flags.of(arguments(kured_values(kured_args(kured))["configuration"]))
    random = Random(seed)  # noqa: S311  # a simulation
    queue = [(0.0, number, daemon(node, flags, pool, random)) for number, node in enumerate(pool.nodes)]
    while queue and queue[0][0] < hours * 3600:
        pool.seconds, number, running = heapq.heappop(queue)
        heapq.heappush(queue, (pool.seconds + next(running), number, running))
    return pool


def most_at_once(pool):
    """The most nodes at any time between the beginning of their drain and their return."""
    busy, most = set(), 0
    for _, node, what in pool.events:
        if what == "draining":
            busy.add(node)
        elif what == "up":
            busy.discard(node)
        most = max(most, len(busy))
    return most


@st.composite
def accepted(draw, **fixed):
    """Settings of kured that the checks of a stack file take."""
    minutes = st.sampled_from([0, 5, 20, 45])
    kured = {
        "days": draw(st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True)),
        "startTime": f"{draw(st.integers(0, 23)):02}:00",
        "endTime": f"{draw(st.integers(0, 23)):02}:30",
        "timeZone": draw(st.sampled_from(["UTC", "Europe/Amsterdam", "Asia/Kolkata", "America/St_Johns"])),
        "period": f"{draw(st.sampled_from([5, 15, 30]))}m",
        "concurrency": draw(st.integers(1, 4)),
        "lockReleaseDelay": f"{draw(minutes)}m",
        "drainDelay": f"{draw(minutes)}m",
        "drainTimeout": f"{draw(st.sampled_from([1, 10, 40]))}m",
        "lockTtl": f"{draw(st.sampled_from([60, 120, 180]))}m",
    } | fixed
    model = Kured.model_validate(kured)
    if parse(model.lock_ttl) <= model.longest_turn:
        model = model.model_copy(update={"lock_ttl": f"{int(model.longest_turn.total_seconds()) + 60}s"})
    return model


POOLS = st.builds(
    lambda nodes, replicas, spare, reboot, pod: Pool(
        [f"n{number}" for number in range(nodes)], replicas, max(0, replicas - spare), reboot, pod
    ),
    st.integers(1, 7),
    st.integers(0, 9),
    st.integers(0, 3),
    st.integers(30, int(REBOOT_ALLOWANCE.total_seconds()) - 120),
    st.sampled_from([5, 60, 600]),
)


@settings(deadline=None, max_examples=30)
@given(POOLS, accepted(), st.integers(0, 999))
def test_turns_hours_and_budgets_are_kept(pool, kured, seed):
    """The budget is asserted at every eviction, in the pool."""
    simulate(pool, kured, 4 * 24, seed)
    assert most_at_once(pool) <= kured.concurrency
    allowed = list(slots(kured, BEGIN.date() - timedelta(days=2), BEGIN.date() + timedelta(days=7)))
    second = timedelta(seconds=1)
    for moment, node in pool.of("locked"):
        assert any(begin <= moment <= end + second for begin, end in allowed), (moment, node)
    for moment, node in pool.of("down"):
        late = kured.longest_drain + second * 6
        assert any(begin <= moment <= end + late for begin, end in allowed), (moment, node)


@settings(deadline=None, max_examples=25)
@given(POOLS, accepted(days=EVERY_DAY, startTime="00:00", endTime="23:59"), st.integers(0, 999))
def test_every_node_gets_its_turn_within_the_longest_pass(pool, kured, seed):
    pool.at_least = 0
    longest = kured_pass(kured, len(pool.nodes), 1439).whole.longest
    simulate(pool, kured, longest / 60 + 1, seed)
    ups = pool.of("up")
    assert {node for _, node in ups} == set(pool.nodes)
    assert max(moment for moment, _ in ups) - BEGIN <= timedelta(
        minutes=longest + 2 * 45
    )  # the first look, and a random half


@settings(deadline=None, max_examples=40)
@given(
    accepted(days=EVERY_DAY, startTime="00:00", endTime="23:59"),
    st.integers(1, 20),
    st.integers(1, 10),
    st.integers(0, 99),
)
def test_no_reboot_begins_while_an_alert_fires(kured, begins, lasts, seed):
    kured = kured.model_copy(
        update={"prometheus": Kured.model_validate({"prometheus": {"url": "http://p"}}).prometheus}
    )
    until = (begins + lasts) * 3600.0
    pool = Pool([f"n{n}" for n in range(6)], firing=[(begins * 3600.0, until, "EtcdSlow"), (0, 1e9, "Watchdog"), (0, 1e9, "KuredRebootOverdue")])  # fmt: skip
    simulate(pool, kured, 72, seed)
    stopped = [moment for moment, _ in pool.of("locked")]
    assert not [m for m in stopped if begins * 3600 <= (m - BEGIN).total_seconds() < until]
    assert {node for _, node in pool.of("up")} == set(
        pool.nodes
    )  # Watchdog and the overdue alert stop nothing


@settings(deadline=None, max_examples=40)
@given(accepted(days=EVERY_DAY, startTime="00:00", endTime="23:59", concurrency=1), st.integers(0, 99))
def test_the_lock_of_a_vanished_node_ends(kured, seed):
    pool = Pool([f"n{n}" for n in range(4)], vanishes="n2")
    simulate(pool, kured, 48, seed)
    locked = pool.of("locked")
    [at] = [moment for moment, node in locked if node == "n2"]
    after = [moment for moment, _ in locked if moment > at]
    assert all(moment - at >= parse(kured.lock_ttl) for moment in after)
    if after:
        assert after[0] - at <= parse(kured.lock_ttl) + parse(kured.period)
    assert {node for _, node in pool.of("up")} == {"n0", "n1", "n3"}


@pytest.mark.parametrize(
    ("chart_default", "problem"),
    [({"lock_ttl": "0s"}, "a vanished node keeps the lock"), ({"drain_timeout": "0s"}, "a drain never ends")],
)
def test_the_charts_own_defaults_stop_every_reboot_and_are_refused(chart_default, problem):
    """The pains of kured's users, shown: so that the checks refuse something real."""
    always = Kured.model_validate({"days": EVERY_DAY, "startTime": "00:00", "endTime": "23:59"})
    kured = always.model_copy(update=chart_default)
    stuck = Pool(["n0", "n1"], vanishes="n0") if "lock_ttl" in chart_default else Pool(["n0", "n1"], 2, 2)
    # With this seed n0 looks first.
    pool = simulate(stuck, kured, 40, seed=0)
    assert pool.of("locked")[0][1] == "n0"
    done = {node for _, node in pool.of("up")}
    assert len(done) < 2, problem
    key = "lockTtl" if "lock_ttl" in chart_default else "drainTimeout"
    _, findings = read({f"nodeUpdates.kured.{key}": "0s"})
    assert any(finding.path.endswith(key) for finding in findings)
