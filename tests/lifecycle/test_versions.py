"""Versions, support on a day, skew: the pure modules that settings and upgrades use too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle import clock
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.node_image import built_on
from secure_aks_lifecycle.versions.skew import Rules, pool_problem
from secure_aks_lifecycle.versions.steps import illegal, steps_between
from secure_aks_lifecycle.versions.support import last_day
from secure_aks_lifecycle.versions.version import Version, minors_between

from tests.lifecycle.builders import cluster, v

VERSIONS = st.builds(Version, st.just(1), st.integers(20, 40), st.integers(0, 120))


@settings(deadline=None)
@given(VERSIONS, VERSIONS)
def test_versions_order_as_numbers_and_survive_their_text(one: Version, other: Version) -> None:
    assert Version.parse(str(one)) == one
    assert (one < other) == ((one.minor_number, one.patch) < (other.minor_number, other.patch))


@pytest.mark.parametrize("text", ["1.35", "1.35.x", "", "1.35.6-rc.1", "latest", "1.35.6 ", "1..6"])
def test_anything_but_a_full_version_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it in full, as x\.y\.z"):
        Version.parse(text)


@pytest.mark.parametrize(
    ("version", "day", "lts", "state", "days_left"),
    [
        ("1.35.6", "2027-03-31", False, "supported", 0),  # a month's end of life is its last day
        (
            "1.35.6",
            "2027-04-01",
            False,
            "platform",
            -1,
        ),  # the newest in the catalog is 1.36: this is no N-3, but near
        ("1.34.9", "2026-11-30", False, "supported", 0),
        ("1.34.9", "2026-12-01", False, "platform", -1),
        ("1.34.9", "2026-12-01", True, "lts", 364),
        ("1.34.9", "2026-11-23", True, "supported", 372),
        ("1.33.13", "2026-11-23", False, "platform", -115),
        ("1.33.13", "2026-11-23", True, "lts", 250),
        ("1.32.11", "2026-11-23", False, "ended", -237),
        ("1.32.11", "2027-04-01", True, "ended", -366),
        ("1.31.10", "2025-11-01", False, "supported", 0),  # a day is that day
        ("1.31.10", "2025-11-02", False, "platform", -1),
        ("1.37.0", "2026-09-30", False, "preview", None),
        ("1.37.0", "2026-10-01", False, "unknown", None),  # announced for October, by a catalog of September
        ("1.36.2", "2026-05-31", False, "preview", None),  # general availability in the future
        ("1.36.99", "2026-11-23", False, "unknown", None),
        ("1.36.1", "2026-11-23", False, "supported", 219),
        ("1.99.0", "2026-11-23", False, "unknown", None),
        ("1.2.3", "2026-11-23", True, "unknown", None),
    ],
)
def test_support_on_a_day(version: str, day: str, lts: bool, state: str, days_left: int | None) -> None:  # noqa: FBT001  # a table's column
    support = Catalog.load().support(v(version), date.fromisoformat(day), lts=lts)
    assert (support.state, support.days_left) == (state, days_left)


@settings(deadline=None)
@example(day=date(2028, 3, 31), lts=True)  # the last day of an LTS whose first patch had ended before
@given(day=st.dates(date(2023, 1, 1), date(2029, 1, 1)), lts=st.booleans())
def test_support_only_ever_runs_down(*, day: date, lts: bool) -> None:
    order = ["preview", "unknown", "supported", "lts", "platform", "ended"]
    catalog = Catalog.load()
    for release in catalog.minors:
        version = Version(*release.minor, 0)
        today, tomorrow = (
            catalog.support(version, on, lts=lts) for on in (day, date.fromordinal(day.toordinal() + 1))
        )
        assert order.index(tomorrow.state) >= order.index(today.state)
        if today.days_left and tomorrow.ends == today.ends and tomorrow.days_left is not None:
            assert tomorrow.days_left == today.days_left - 1


@pytest.mark.parametrize(
    ("text", "last"), [("2026-02", 28), ("2028-02", 29), ("2026-11", 30), ("2026-07", 31)]
)
def test_a_month_ends_on_its_last_day(text: str, last: int) -> None:
    assert last_day(text).day == last


@settings(deadline=None)
@given(VERSIONS, VERSIONS, st.sampled_from([2, 3]))
def test_skew(control_plane: Version, pool: Version, skew: int) -> None:
    problem = pool_problem(control_plane, pool, Rules(skew_minors=skew))
    fine = pool <= control_plane and minors_between(pool.minor, control_plane.minor) <= skew
    assert (problem is None) == fine
    if problem:
        assert "move" in problem


def test_only_pools_may_be_allowed_to_skip_minors() -> None:
    rules = Rules(pool_skips_minors=True)
    before, behind = {"aks": cluster("1.34.9", system="1.34.9")}, {"aks": cluster("1.36.2", system="1.34.9")}
    assert [refusal.code for refusal in illegal(before, behind, rules)] == ["skipped-minor"]
    assert illegal(behind, {"aks": cluster("1.36.2", system="1.36.2")}, rules) == []
    assert [r.code for r in illegal(behind, {"aks": cluster("1.36.2", system="1.36.2")}, Rules())] == [
        "skipped-minor"
    ]


def test_steps_come_in_the_order_to_take_them() -> None:
    before = {
        "aks": cluster("1.34.9", general="1.34.9", system="1.34.9"),
        "b": cluster("1.34.9", system="1.34.9"),
    }
    after = {
        "aks": cluster("1.35.6", general="1.35.6", system="1.35.6"),
        "b": cluster("1.35.6", system="1.34.9"),
    }
    assert [str(step) for step in steps_between(before, after)] == [
        "control plane of aks 1.34.9 -> 1.35.6",
        "pool system of aks 1.34.9 -> 1.35.6",
        "pool general of aks 1.34.9 -> 1.35.6",
        "control plane of b 1.34.9 -> 1.35.6",
    ]
    assert [refusal.code for refusal in illegal(before, after, Rules())] == ["several-changes"]


def test_a_pool_that_is_too_far_behind_may_come_closer() -> None:
    rules = Rules()
    far, closer = {"aks": cluster("1.36.2", system="1.32.11")}, {"aks": cluster("1.36.2", system="1.33.13")}
    assert illegal(far, closer, rules) == []
    assert illegal(far, far, rules) == []
    assert [refusal.code for refusal in illegal({}, far, rules)] == ["skew"], (
        "a new cluster has no way back to keep open"
    )


def test_what_is_new_or_gone_is_no_step() -> None:
    before = {"aks": cluster("1.35.6", system="1.35.6", old="1.34.9")}
    for after in (
        {"aks": cluster("1.35.6", system="1.35.6", old="1.34.9", new="1.35.5")},
        {"aks": cluster("1.35.6", system="1.35.6")},
    ):
        assert steps_between(before, after) == []
        assert illegal(before, after, Rules()) == []
    above = {"aks": cluster("1.35.6", system="1.35.6", old="1.34.9", new="1.36.2")}
    assert [refusal.code for refusal in illegal(before, above, Rules())] == ["above-control-plane"]


@pytest.mark.parametrize(
    ("image", "day"),
    [
        ("AKSUbuntu-2204gen2containerd-202607.09.0", date(2026, 7, 9)),
        ("AKSAzureLinux-V3gen2-202606.19.0", date(2026, 6, 19)),
        ("AKSWindows-2022-containerd-20348.5386.260715", date(2026, 7, 15)),
        ("AKSUbuntu-2204gen2containerd-202613.09.0", None),
        ("something else", None),
    ],
)
def test_the_day_of_a_node_image(image: str, day: date | None) -> None:
    assert built_on(image) == day


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    assert not clock.overridden()
    assert clock.now().tzinfo is UTC
    monkeypatch.setenv(clock.VARIABLE, "2026-11-23")
    assert clock.overridden()
    assert clock.now() == datetime(2026, 11, 23, tzinfo=UTC)
    monkeypatch.setenv(clock.VARIABLE, "2026-11-23T01:30:00+02:00")
    assert clock.today() == date(2026, 11, 22)
    monkeypatch.setenv(clock.VARIABLE, "tomorrow")
    with pytest.raises(ValueError, match="SECURE_AKS_CLOCK: 'tomorrow' is not an ISO date"):
        clock.now()
