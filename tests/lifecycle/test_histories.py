"""Years of upgrades: every minor in legal steps on the emulator's AKS, and illegal steps refused in words that help."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.version import Version

from emulator.azure.aks.versions import minors
from tests.lifecycle.builders import change, cluster, found, v
from tests.lifecycle.emulated_aks import EmulatedAks
from tests.lifecycle.test_against_aks import as_output, pack_reasons

if TYPE_CHECKING:
    from secure_aks_lifecycle.stack.record import ClusterState

START = (1, 27)
SETTLED = timedelta(days=40)
"""After the day a minor came, so that it is offered whichever day of the month that was."""


def minors_offered() -> list[tuple[datetime, Version]]:
    """Every minor from START on with a day on which it was offered, and its first patch that both sides know."""
    catalog, offered = Catalog.load(), {minor.name: minor for minor in minors()}
    result: list[tuple[datetime, Version]] = []
    for release in catalog.minors:
        other = offered.get(f"{release.minor[0]}.{release.minor[1]}")
        if release.minor < START or release.preview or other is None:
            continue
        both = {Version(*patch) for patch in other.patches} & {patch.version for patch in release.patches}
        start = datetime.combine(release.ga, datetime.min.time(), UTC) + SETTLED
        result.append((start, min(both)))
    return result


def test_the_data_of_both_sides_reach_from_1_27_to_the_newest() -> None:
    found_minors = [version.minor for _, version in minors_offered()]
    newest = Catalog.load().newest(datetime(2026, 11, 23, tzinfo=UTC).date())
    assert newest is not None
    assert found_minors == [(1, number) for number in range(27, newest.minor[1] + 1)]


def test_every_minor_in_legal_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    history = minors_offered()
    day, version = history[0]
    monkeypatch.setenv("SECURE_AKS_CLOCK", day.isoformat())
    state = cluster(str(version), system=str(version), general=str(version), memory=str(version))
    azure = EmulatedAks(state)
    taken = 0
    for day, version in history[1:]:
        monkeypatch.setenv("SECURE_AKS_CLOCK", day.isoformat())
        for line in ("control plane", *state.pools):
            after = stepped(state, line, version)
            assert list(pack_reasons(state, after, Rules(), day, lts=False)) == [], (
                f"{day:%Y-%m}: {line} to {version}"
            )
            assert azure.refusal(after) is None
            state = after
            taken += 1
    assert state.control_plane == history[-1][1]
    assert taken == (len(history) - 1) * 4


def stepped(state: ClusterState, line: str, version: Version) -> ClusterState:
    if line == "control plane":
        return replace(state, control_plane=version)
    return replace(state, pools={**state.pools, line: replace(state.pools[line], version=version)})


# Each line: versions before -> after, as "control plane / system, general"; "win" is a Windows pool; "=" means unchanged.
# Then the words that must stand in the refusal, what to do instead last.
ILLEGAL = [
    ("1.34.9 / 1.34.9 1.34.9", "1.36.2 / = =", "skips 1.35; one minor at a time"),
    ("1.33.13 / 1.33.13 1.33.13", "1.36.2 / = =", "skips 1.34, 1.35; one minor at a time"),
    ("1.32.11 / 1.32.11 1.32.11", "1.34.9 / = =", "write the newest patch of 1.33 first"),
    ("1.31.10 / 1.31.10 1.31.10", "1.33.13 / = =", "write the newest patch of 1.32 first"),
    ("1.30.14 / 1.30.14 1.30.14", "1.32.11 / = =", "write the newest patch of 1.31 first"),
    ("1.29.15 / 1.29.15 1.29.15", "1.31.10 / = =", "write the newest patch of 1.30 first"),
    ("1.28.14 / 1.28.14 1.28.14", "1.30.14 / = =", "write the newest patch of 1.29 first"),
    ("1.27.16 / 1.27.16 1.27.16", "1.29.15 / = =", "write the newest patch of 1.28 first"),
    ("1.27.16 / 1.27.16 1.27.16", "1.36.2 / = =", "write the newest patch of 1.28 first"),
    ("1.35.6 / 1.35.6 1.35.6", "1.35.5 / = =", "never takes a control plane down; write the version it runs"),
    ("1.35.6 / 1.35.6 1.35.6", "1.34.9 / = =", "never takes a control plane down"),
    ("1.36.2 / 1.36.2 1.36.2", "1.35.6 / 1.35.6 1.35.6", "never takes a control plane down"),
    ("1.36.2 / 1.35.6 1.35.6", "1.35.6 / = =", "goes down from 1.36.2 to 1.35.6"),
    ("1.35.6 / 1.35.6 1.35.6", "= / 1.35.5 =", "AKS takes a pool down only by a rollback"),
    ("1.35.6 / 1.35.6 1.35.6", "= / = 1.34.9", "add a new pool at the version you want"),
    ("1.36.2 / 1.36.2 1.35.6", "= / = 1.34.9", "AKS takes a pool down only by a rollback"),
    ("1.36.2 / 1.36.2 1.35.6", "= / 1.35.6 =", "write the version it runs"),
    ("1.35.6 / 1.35.6 1.35.6", "= / 1.36.2 =", "the control plane goes first: move it to 1.36.2"),
    ("1.35.6 / 1.35.6 1.35.6", "= / = 1.36.2", "leave the pool at 1.35.6 or below"),
    ("1.35.5 / 1.35.5 1.35.5", "= / = 1.35.6", "the control plane goes first: move it to 1.35.6"),
    ("1.34.9 / 1.34.9 1.34.9", "= / = 1.35.6", "is above the control plane's 1.34.9"),
    ("1.34.9 / 1.34.8 1.34.8", "= / 1.35.1 =", "the control plane goes first"),
    ("1.33.13 / 1.33.12 1.33.13", "= / 1.34.9 =", "the control plane goes first"),
    ("1.36.2 / 1.34.9 1.36.2", "= / 1.36.2 =", "skips 1.35; one minor at a time"),
    ("1.36.2 / 1.36.2 1.34.9", "= / = 1.36.2", "write the newest patch of 1.35 first"),
    ("1.35.6 / 1.33.13 1.35.6", "= / 1.35.6 =", "write the newest patch of 1.34 first"),
    ("1.34.9 / 1.34.9 1.32.11", "= / = 1.34.9", "write the newest patch of 1.33 first"),
    ("1.33.13 / 1.31.10 1.33.13", "= / 1.33.13 =", "write the newest patch of 1.32 first"),
    ("1.35.6 / 1.32.11 1.35.6", "1.36.2 / = =", "4 minors behind.*move the pool to 1.33 or newer first"),
    ("1.35.6 / 1.35.6 1.32.11", "1.36.2 / = =", "at most 3 are allowed"),
    ("1.34.9 / 1.34.9 1.31.10", "1.35.6 / = =", "move the pool to 1.32 or newer first"),
    ("1.33.13 / 1.30.14 1.30.14", "1.34.9 / = =", "move the pool to 1.31 or newer first"),
    ("1.32.11 / 1.29.15 1.32.11", "1.33.13 / = =", "4 minors behind the control plane's 1.33.13"),
    (
        "1.36.2 / 1.35.6 1.35.6",
        "= / 1.36.2 1.36.2",
        "only one control plane or one pool may change at a time",
    ),
    (
        "1.36.2 / 1.35.6 1.35.6",
        "= / 1.36.2 1.36.2",
        "Keep pool system of aks 1.35.6 -> 1.36.2, put the others back",
    ),
    ("1.35.6 / 1.35.6 1.35.6", "1.36.2 / 1.36.2 =", "Keep control plane of aks 1.35.6 -> 1.36.2"),
    ("1.35.6 / 1.35.6 1.35.6", "1.36.2 / = 1.36.2", "2 changes in one `up`"),
    ("1.35.6 / 1.35.6 1.35.6", "1.36.2 / 1.36.2 1.36.2", "3 changes in one `up`"),
    ("1.35.5 / 1.35.5 1.35.5", "1.35.6 / 1.35.6 1.35.6", "take them one by one afterwards"),
    ("1.35.6 / 1.35.5 1.35.5", "= / 1.35.6 1.35.6", "so that a failure has one cause"),
    ("1.35.6 / 1.34.9 1.34.9", "= / 1.35.6 1.35.6", "2 changes in one `up`"),
    ("1.36.2 / 1.35.6 1.34.9", "= / 1.36.2 1.35.6", "2 changes in one `up`"),
    ("1.34.9 / 1.34.9 1.34.9", "1.36.2 / 1.36.2 =", "skips 1.35"),
    (
        "1.35.6 / 1.35.6 1.35.6 win=1.35.6/Windows2022",
        "= / = = win==/Windows2025",
        "add a new pool beside it",
    ),
    (
        "1.35.6 / 1.35.6 1.35.6 win=1.35.6/Windows2022",
        "= / = = win==/Windows2025",
        "Windows cannot be changed in place",
    ),
    ("1.36.2 / 1.36.2 1.36.2 win=1.35.6/Windows2022", "= / = = win=1.36.2/Windows2025", "move the workloads"),
    (
        "1.36.2 / 1.36.2 1.35.6",
        "= / = 1.35.6@vmSize",
        "vmSize changes from a to b, which Azure cannot do in place",
    ),
    ("1.36.2 / 1.36.2 1.35.6", "= / = 1.36.2@vmSize", "remove the old one in a later `up`"),
    ("1.36.2 / 1.36.2 1.36.2", "gone", "cluster aks would be deleted; leave it in the stack"),
    ("1.36.2 / 1.36.2 1.36.2", "renamed", "goes in the same `up` as a new pool of its kind comes"),
]


@pytest.mark.parametrize(("before", "after", "words"), ILLEGAL)
def test_an_illegal_step_is_refused_with_the_way_out(before: str, after: str, words: str) -> None:
    old = written(before, None)
    outputs = {"schema": 1, "clusters": {}} if after == "gone" else as_output(written(after, old))
    if after == "gone":
        outputs = {"schema": 1, "clusters": {"other": as_output(old)["clusters"]["aks"]}}
    resource = change(
        with_fixed(outputs, changed="@vmSize" in after), with_fixed(as_output(old), changed=False)
    )
    messages = found("legal-step", resource) + found("no-replacement", resource)
    assert any(re.search(words, message) for message in messages), messages


def test_there_are_fifty_of_them() -> None:
    assert len(ILLEGAL) >= 50
    assert len({(before, after, words) for before, after, words in ILLEGAL}) == len(ILLEGAL)


def with_fixed(output: dict, *, changed: bool) -> dict:
    for one in output["clusters"].values():
        for name, pool in one["pools"].items():
            pool["fixed"] = {"vmSize": "b" if changed and name == "general" else "a"}
    return output


def written(text: str, old: ClusterState | None) -> ClusterState:
    """Read a line of ILLEGAL."""
    if text == "renamed":
        assert old is not None
        return replace(old, pools={"system": old.pools["system"], "fresh": old.pools["general"]})
    control_plane, _, pools = text.partition(" / ")
    system, general, *windows = [word.removesuffix("@vmSize") for word in pools.split()]
    state = old or cluster(control_plane, system=system, general=general)
    if old:
        state = replace(old, control_plane=kept(control_plane, old.control_plane))
        named = {"system": system, "general": general}
        state = replace(
            state,
            pools={
                **old.pools,
                **{n: replace(old.pools[n], version=kept(w, old.pools[n].version)) for n, w in named.items()},
            },
        )
    for word in windows:
        version, _, sku = word.removeprefix("win=").partition("/")
        last = old.pools["win"].version if old else v("0.0.0")
        pool = replace(
            state.pools["general"], version=kept(version, last), os_type="Windows", os_sku=sku, mode="User"
        )
        state = replace(state, pools={**state.pools, "win": pool})
    return state


def kept(text: str, old: Version) -> Version:
    return old if text == "=" else v(text)
