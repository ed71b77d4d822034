"""Promotion: what must have run where, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.judging.plain import UNKNOWN
from secure_aks_lifecycle.stack.record import parse_versions
from secure_aks_lifecycle.versions.promotion import Followed, unproven

from tests.lifecycle.builders import CURRENT, NEWER, NOW, OLDER, change, found, recorded

WEEK = timedelta(days=7)


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def staging(control_plane: str, days: float, **pools: Any) -> dict[str, Any]:
    return recorded(control_plane, days_ago(days), "aks-staging", **pools)


BEFORE = recorded(CURRENT, system=CURRENT, general=CURRENT)
BUMPED = recorded(NEWER, system=CURRENT, general=CURRENT)


def said(current: Any, followed: Any, previous: Any = BEFORE, **config: Any) -> list[str]:
    resource = change(current, previous, "staging", followed)
    return found("promotion", resource, {f"secure-aks:{key}": value for key, value in config.items()})


@pytest.mark.parametrize(("days", "fine"), [(7, True), (6.99, False), (30, True), (0, False)])
def test_a_version_soaks_before_it_comes_here(days: float, fine: bool) -> None:  # noqa: FBT001  # a table's column
    followed = staging(NEWER, days, system=CURRENT)
    assert (said(BUMPED, followed) == []) == fine


def test_the_refusal_says_when_to_try_again() -> None:
    assert said(BUMPED, staging(NEWER, 3, system=CURRENT)) == [
        (
            "control plane of aks-prod: 1.36.3 has run on staging since 2026-11-20 12:00 UTC, and 7 days are asked; "
            "try again after 2026-11-27 12:00 UTC"
        )
    ]


@pytest.mark.parametrize(
    "since", ["2026-11-20T14:00:00+02:00", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00"]
)
def test_a_time_is_read_with_its_offset_and_without_one_is_utc(since: str) -> None:
    [message] = said(BUMPED, recorded(NEWER, since, "aks-staging"))
    assert "since 2026-11-20 12:00 UTC" in message


def test_a_version_that_never_ran_there_is_sent_there_first() -> None:
    assert said(BUMPED, staging(CURRENT, 30, system=CURRENT)) == [
        (
            "control plane of aks-prod: 1.36.3 has not run on staging, which runs 1.35.7; "
            "take this step there first, then wait 7 days"
        )
    ]


def test_the_soak_time_is_a_setting() -> None:
    assert said(BUMPED, staging(NEWER, 3), promotion={"follows": "staging", "soakDays": 3}) == []
    assert len(said(BUMPED, staging(NEWER, 3), promotion={"follows": "staging", "soakDays": 4})) == 1


def test_what_does_not_change_needs_no_proof() -> None:
    assert said(BEFORE, staging(OLDER, 0)) == []


def test_what_ran_there_earlier_counts_for_as_long_as_it_ran() -> None:
    followed = staging(NEWER, 1, general=CURRENT)
    entry = followed["clusters"]["aks-staging"]["controlPlane"]
    entry |= {
        "version": "1.36.4",
        "earlier": [{"version": NEWER, "since": days_ago(9), "until": days_ago(1)}],
    }
    assert said(BUMPED, followed) == []
    entry["earlier"].append({"version": CURRENT, "since": days_ago(99), "until": days_ago(9)})
    entry["earlier"][0] |= {"since": days_ago(20), "until": days_ago(18)}
    assert said(BUMPED, followed) == [
        (
            "control plane of aks-prod: 1.36.3 left staging before it had run there for 7 days; "
            "go on to the version that staging runs"
        )
    ]


def test_a_pool_is_proven_by_its_namesake_then_by_its_operating_system() -> None:
    before = recorded(NEWER, general=CURRENT, fresh=CURRENT, win={"version": CURRENT, "osType": "Windows"})
    pools = {
        "general": {"version": NEWER, "since": days_ago(1)},
        "batch": {"version": NEWER, "since": days_ago(8)},
        "win": {"version": CURRENT, "osType": "Windows", "since": days_ago(90)},
    }
    followed = staging(NEWER, 8, **pools)
    same: dict[str, Any] = {
        "general": CURRENT,
        "fresh": CURRENT,
        "win": {"version": CURRENT, "osType": "Windows"},
    }
    assert (
        "has run on staging since 2026-11-22"
        in said(recorded(NEWER, **same | {"general": NEWER}), followed, before)[0]
    )
    assert said(recorded(NEWER, **same | {"fresh": NEWER}), followed, before) == []
    windows = recorded(NEWER, **same | {"win": {"version": NEWER, "osType": "Windows"}})
    assert "has not run on staging, which runs 1.35.7" in said(windows, followed, before)[0]


def test_a_pool_that_is_new_here_is_judged_like_a_step() -> None:
    with_new = recorded(CURRENT, system=CURRENT, general=CURRENT, extra=OLDER)
    assert (
        "pool extra of aks-prod: 1.34.10 has not run"
        in said(with_new, staging(CURRENT, 30, general=CURRENT))[0]
    )


def test_the_first_up_waits_for_nothing_but_does_not_overtake() -> None:
    assert said(BUMPED, staging(NEWER, 0, general=CURRENT), None) == []
    [message] = said(BUMPED, staging(CURRENT, 30, general=CURRENT), None)
    assert (
        message
        == "control plane of aks-prod: 1.36.3 is above 1.35.7, the newest that staging has run; staging goes first"
    )


def test_a_stack_that_has_recorded_nothing_cannot_lead() -> None:
    [message] = said(BUMPED, None)
    assert message == (
        "control plane of aks-prod 1.35.7 -> 1.36.3: stack staging has recorded no versions yet; "
        "bring staging up first, and take this step there"
    )
    assert said(BEFORE, None) == []
    [unknown] = said(BUMPED, None, None)
    assert unknown.startswith("unknown: stack staging has recorded no versions yet")


def test_a_stack_that_follows_nobody_is_free() -> None:
    assert found("promotion", change(BUMPED, BEFORE)) == []


def test_the_stack_file_names_the_followed_stack_too() -> None:
    resource = change(BUMPED, BEFORE, None, staging(CURRENT, 30))
    assert len(found("promotion", resource, {"secure-aks:promotion": {"follows": "staging"}})) == 1


@pytest.mark.parametrize("part", ["current", "previous", "followed"])
def test_what_is_not_known_yet_is_unknown(part: str) -> None:
    resource = change(BUMPED, BEFORE, "staging", staging(NEWER, 8))
    resource.props[part] = UNKNOWN
    for rule in ("promotion", "legal-step", "no-replacement"):
        assert found(rule, resource) == [f"unknown: {part} is not known yet"]
    resource.props[part] = recorded(NEWER, general={"version": UNKNOWN})
    assert found("legal-step", resource) == [f"unknown: {part} is not known yet"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"schema": 2, "clusters": {"x": {}}}, "versions.schema: is 2, and this pack knows 1"),
        ({"clusters": {"x": {}}}, "versions.clusters.x.controlPlane: is not a mapping"),
        (
            {"clusters": {"x": {"controlPlane": {"version": "1.35"}}}},
            "versions.clusters.x.controlPlane: '1.35' names no patch",
        ),
        (
            {"clusters": {"x": {"controlPlane": {"version": 1}}}},
            "controlPlane.version: is missing or not text",
        ),
        (
            {"clusters": {"x": {"controlPlane": {"version": "1.35.7", "since": "soon"}}}},
            "controlPlane: Invalid isoformat",
        ),
        (
            {"clusters": {"x": {"controlPlane": {"version": "1.35.7", "earlier": 1}}}},
            "earlier: is not a list",
        ),
        ({"clusters": ["x"]}, "versions.clusters: is not a mapping"),
    ],
)
def test_a_record_of_another_shape_is_refused_once_with_its_path(data: Any, words: str) -> None:
    resource = change(BUMPED, data, "staging", None)
    [message] = found("legal-step", resource)
    assert words in message
    assert found("promotion", resource) == []
    assert found("no-replacement", resource) == []


def test_without_current_the_program_is_told_what_to_register() -> None:
    [message] = found("legal-step", change(None))
    assert "current: is missing; register VersionChange" in message


@settings(deadline=None)
@given(st.floats(0, 60), st.integers(0, 30))
def test_soaking_longer_never_hurts(days: float, soak: int) -> None:
    before, after = parse_versions(BEFORE), parse_versions(BUMPED)
    fine = [
        not unproven(before, after, Followed("staging", parse_versions(staging(NEWER, d)), soak), NOW)
        for d in (days, days + 1)
    ]
    assert fine[1] >= fine[0]
    assert fine[0] == (timedelta(days=days) >= timedelta(days=soak))
