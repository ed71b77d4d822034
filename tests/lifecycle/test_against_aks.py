"""The pack against the emulator's AKS, which was written apart from it: what AKS refuses, the pack refuses at preview.

Where the pack is stricter, the reason is one of `STRICTER`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from secure_aks_lifecycle.stack.record import PoolState
from secure_aks_lifecycle.versions.skew import Rules
from secure_aks_lifecycle.versions.steps import illegal
from secure_aks_lifecycle.versions.version import Version, minors_between

from emulator.azure.aks.versions import minors
from tests.lifecycle.builders import BY_ID, agent_pool, aks_cluster, change, cluster, found, judge
from tests.lifecycle.emulated_aks import EmulatedAks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from secure_aks_lifecycle.stack.record import ClusterState

STRICTER = {
    "several-changes": "AKS takes them one after another; with one change an `up` that fails has one suspect",
    "unsupported": "AKS leaves alone what runs, and takes a pool to its control plane's version, though support has ended",
}
DAYS = [
    datetime(2025, 12, 1, tzinfo=UTC),
    datetime(2026, 4, 10, tzinfo=UTC),
    datetime(2026, 11, 23, tzinfo=UTC),
]
KNOWN = [Version(*patch) for minor in minors() for patch in minor.patches]


WINDOWS = {"Windows2022": (1, 23), "Windows2025": (1, 32)}
"""OS SKUs with the first minor they exist for."""


def offered(day: datetime, *, lts: bool) -> list[Version]:
    return [Version(*p) for minor in minors() if minor.offered(day.date(), lts=lts) for p in minor.patches]


@st.composite
def edits(draw: st.DrawFn) -> tuple[datetime, datetime, bool, Rules, ClusterState, ClusterState]:
    lts = draw(st.booleans())
    made = draw(st.sampled_from(DAYS))
    judged = draw(st.sampled_from([day for day in DAYS if day >= made]))
    rules = Rules(skew_minors=draw(st.sampled_from([2, 3])), pool_skips_minors=draw(st.booleans()))
    then = offered(made, lts=lts)
    control_plane = draw(st.sampled_from(then))
    fitting = [
        x
        for x in then
        if x <= control_plane and minors_between(x.minor, control_plane.minor) <= rules.skew_minors
    ]
    names = ["system", "general", "memory"][: draw(st.integers(1, 3))]
    before = cluster(str(control_plane), **{name: str(draw(st.sampled_from(fitting))) for name in names})
    if draw(st.booleans()):
        lowest = min(pool.version.minor for pool in before.pools.values())
        skus = [sku for sku in WINDOWS if WINDOWS[sku] <= lowest]
        if skus:
            windows = PoolState(draw(st.sampled_from(fitting)), "Windows", draw(st.sampled_from(skus)))
            if windows.version.minor >= WINDOWS[windows.os_sku]:
                before = replace(before, pools={**before.pools, "win": windows})
    return made, judged, lts, rules, before, _edited(draw, before)


def _edited(draw: st.DrawFn, before: ClusterState) -> ClusterState:
    near = [x for x in KNOWN if abs(minors_between(before.control_plane.minor, x.minor)) <= 3]
    # Most edits touch one line; some touch two, as a hurried person does.
    lines = draw(
        st.lists(st.sampled_from(["control plane", *before.pools]), min_size=1, max_size=2, unique=True)
    )
    after = before
    for line in lines:
        version = draw(st.sampled_from(near))
        if line == "control plane":
            after = replace(after, control_plane=version)
            continue
        pool = after.pools[line]
        sku = line == "win" and draw(st.booleans())
        edited = (
            replace(pool, os_sku=draw(st.sampled_from(sorted(WINDOWS))))
            if sku
            else replace(pool, version=version)
        )
        after = replace(after, pools={**after.pools, line: edited})
    return after


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits())
def test_an_edit_gets_the_verdict_of_aks(monkeypatch: pytest.MonkeyPatch, edit) -> None:
    made, judged, lts, rules, before, after = edit
    monkeypatch.setenv("SECURE_AKS_CLOCK", made.isoformat())
    # Where it is told to, this Azure lets the pools of a cluster with long-term support skip minors, as its control plane may.
    azure = EmulatedAks(
        before, lts=lts, rules=replace(rules, pool_skips_minors=rules.pool_skips_minors or lts)
    )
    monkeypatch.setenv("SECURE_AKS_CLOCK", judged.isoformat())
    refused_by_aks = azure.refusal(after)
    reasons = set(pack_reasons(before, after, rules, judged, lts=lts))
    if refused_by_aks:
        assert reasons, f"AKS refuses what the pack lets through: {refused_by_aks}"
    else:
        assert reasons <= STRICTER.keys(), (
            f"the pack refuses what AKS accepts, for {reasons - STRICTER.keys()}"
        )


def pack_reasons(
    before: ClusterState, after: ClusterState, rules: Rules, day: datetime, *, lts: bool
) -> Iterator[str]:
    """Why the pack refuses an edit, by the rules' own checks on the resources that the program would register."""
    config: dict[str, dict] = {
        "secure-aks:versionRules": {
            "skewMinors": rules.skew_minors,
            "poolSkipsMinors": rules.pool_skips_minors,
        }
    }
    record = change(as_output(after), as_output(before))
    if lts:
        config["secure-aks:cluster"] = {"tier": "Premium", "supportPlan": "AKSLongTermSupport"}
    messages = found("legal-step", record, config, day)
    for refusal in illegal({"aks": before}, {"aks": after}, rules, {"aks"} if lts else set()):
        assert refusal.message in messages
        yield refusal.code
    if found("no-replacement", record, config, day):
        yield "replaced"
    plan = {"supportPlan": "AKSLongTermSupport", "sku": {"tier": "Premium"}} if lts else {}
    version = {"kubernetesVersion": str(after.control_plane), "agentPoolProfiles": []}
    resources = [aks_cluster(resourceName="aks", **version, **plan)]
    for name, pool in after.pools.items():
        resources.append(
            agent_pool(
                name, resourceName="aks", orchestratorVersion=str(pool.version), osSKU=pool.os_sku or "Ubuntu"
            )
        )
    one = judge({}, day)
    for resource in resources:
        one.context.seen.note(resource)
        for rule, reason in (("supported-version", "unsupported"), ("supported-os", "os")):
            if one.resource(BY_ID[rule], resource):
                yield reason


def as_output(state: ClusterState) -> dict:
    pools = {
        name: {"version": str(pool.version), "mode": pool.mode, "osType": pool.os_type, "osSku": pool.os_sku}
        for name, pool in state.pools.items()
    }
    return {
        "schema": 1,
        "clusters": {"aks": {"controlPlane": {"version": str(state.control_plane)}, "pools": pools}},
    }
