"""Whatever is asked of it, in whatever order, the emulated AKS is never in a state that AKS forbids."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault
from emulator.errors import ProviderError
from tests.emulator.azure.invariants import violations
from tests.emulator.azure.test_deployments import template
from tests.emulator.azure_provider import Azure, Made, system_profile

VERSIONS = [
    "1.33.13",
    "1.34.8",
    "1.34.9",
    "1.35.4",
    "1.35.5",
    "1.35.6",
    "1.35",
    "1.36.2",
    "1.36.9",
    "1.37.0",
    "x",
]
NAMES = ["system", "one", "two", "win"]
version = st.sampled_from(VERSIONS)
name = st.sampled_from(NAMES)
count = st.integers(0, 9)
steps = st.one_of(
    st.tuples(st.just("bump"), version),
    st.tuples(st.just("inline"), name, version | st.none(), st.sampled_from(["System", "User"]), count),
    st.tuples(st.just("create"), name, version | st.none(), st.sampled_from(["System", "User"]), count),
    st.tuples(st.just("upgrade"), name, version),
    st.tuples(st.just("scale"), name, count, st.booleans()),
    st.tuples(st.just("mode"), name, st.sampled_from(["System", "User"])),
    st.tuples(st.just("deploy"), name, version),
    st.tuples(st.just("delete"), name),
    st.tuples(
        st.just("fault"), st.sampled_from(["stuck", "fails", "lostAnswer", "timeout", "conflict"]), name
    ),
    st.tuples(st.just("release"), name),
)


class World:
    """One cluster, its pools, and an engine that remembers what it made."""

    def __init__(self, start: str) -> None:
        self.azure = Azure(Cloud())
        self.azure.group()
        self.subnet = self.azure.network("10.1.0.0/27")
        self.accepted: set[str] = set()
        profile = system_profile(vnetSubnetID=self.subnet.id)
        self.cluster = self.azure.cluster(start, agentPoolProfiles=[profile])

    def pool(self, name: str) -> Made:
        """The pool as an engine that owns it would know it."""
        found = next(
            (
                r
                for r in self.azure.cloud.view().resources.values()
                if r.name == name and "/agentPools/" in r.id
            ),
            None,
        )
        if found is None:
            raise ProviderError("no such pool")
        inputs = {"resourceGroupName": "rg", "resourceName": "aks", "agentPoolName": name}
        kept = (
            "mode",
            "count",
            "vmSize",
            "vnetSubnetID",
            "enableAutoScaling",
            "minCount",
            "maxCount",
            "osType",
            "osSKU",
        )
        inputs |= {k: found.properties[k] for k in kept if k in found.properties}
        return Made("containerservice:AgentPool", name, found.id, inputs, dict(found.properties))

    def do(self, kind: str, *args: Any) -> None:
        """Ask for a step; a refusal is an answer too."""
        with suppress(ProviderError):
            getattr(self, kind)(*args)
            self.accepted.add(kind)

    def bump(self, wanted: str) -> None:
        self.cluster = self.azure.update(self.cluster, kubernetesVersion=wanted)

    def inline(self, pool: str, wanted: str | None, mode: str, nodes: int) -> None:
        profile = system_profile(name=pool, mode=mode, count=nodes, vnetSubnetID=self.subnet.id)
        self.azure.update(
            self.cluster, agentPoolProfiles=[profile | ({"orchestratorVersion": wanted} if wanted else {})]
        )

    def create(self, pool: str, wanted: str | None, mode: str, nodes: int) -> None:
        more: dict[str, Any] = {"osType": "Windows", "osSKU": "Windows2022"} if pool == "win" else {}
        more |= {"orchestratorVersion": wanted} if wanted else {}
        self.azure.pool(pool, mode=mode, count=nodes, vnetSubnetID=self.subnet.id, **more)

    def upgrade(self, pool: str, wanted: str) -> None:
        self.azure.update(self.pool(pool), orchestratorVersion=wanted)

    def scale(self, pool: str, nodes: int, autoscaled: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        limits = {"minCount": 1, "maxCount": 5} if autoscaled else {"minCount": None, "maxCount": None}
        self.azure.update(self.pool(pool), enableAutoScaling=autoscaled, count=nodes, **limits)

    def mode(self, pool: str, mode: str) -> None:
        self.azure.update(self.pool(pool), mode=mode)

    def deploy(self, pool: str, wanted: str) -> None:
        body = {
            "mode": "Incremental",
            "template": template(wanted, name=f"aks/{pool}", vnetSubnetID=self.subnet.id),
        }
        self.azure.create("resources:Deployment", "d", resourceGroupName="rg", properties=body)

    def delete(self, pool: str) -> None:
        self.azure.delete(self.pool(pool))

    def fault(self, kind: Any, pool: str) -> None:
        self.azure.cloud.inject(Fault(kind, f"*/agentPools/{pool}", on="put"))

    def release(self, pool: str) -> None:
        made = self.pool(pool)
        if made.id.lower() in self.azure.cloud.view().operations:
            self.azure.cloud.release(made.id)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(["1.34.8", "1.35.5", "1.36.2"]), doing=st.lists(steps, max_size=25))
def test_no_sequence_of_requests_leads_to_a_forbidden_state(start: str, doing: list[tuple[Any, ...]]) -> None:
    world = World(start)
    for kind, *args in doing:
        world.do(kind, *args)
        assert violations(world.azure.cloud) == [], (kind, args)


def test_every_kind_of_request_is_accepted_sometimes() -> None:
    world = World("1.35.4")
    for kind, *args in [
        ("create", "one", None, "System", 1),
        ("bump", "1.35.6"),
        ("upgrade", "one", "1.35.5"),
        ("scale", "one", 2, True),
        ("deploy", "system", "1.35.6"),
        ("mode", "one", "User"),
        ("inline", "system", None, "System", 3),
        ("fault", "stuck", "one"),
        ("upgrade", "one", "1.35.6"),
        ("release", "one"),
        ("delete", "one"),
    ]:
        world.do(kind, *args)
    assert world.accepted == {
        "create",
        "bump",
        "upgrade",
        "scale",
        "deploy",
        "mode",
        "inline",
        "fault",
        "release",
        "delete",
    }
    assert violations(world.azure.cloud) == []


@pytest.mark.parametrize(
    ("pool", "change", "words"),
    [
        ("system", {"currentOrchestratorVersion": "1.36.2"}, "above"),
        ("system", {"currentOrchestratorVersion": "1.32.11"}, "too far behind"),
        ("system", {"currentOrchestratorVersion": "1.34.9"}, "went back"),
        ("system", {"mode": "User"}, "no system pool"),
        ("system", {"count": 0}, "without Linux nodes"),
        ("system", {"count": 99}, "100 nodes in"),
        ("one", {"enableAutoScaling": True, "minCount": 5, "maxCount": 6}, "one: 1 nodes"),
    ],
)
def test_the_invariants_see_what_is_wrong(pool: str, change: dict[str, Any], words: str) -> None:
    world = World("1.35.5")
    world.create("one", None, "User", 1)
    assert violations(world.azure.cloud) == []
    world.azure.cloud.edit(world.pool(pool).id, change)
    assert any(words in v for v in violations(world.azure.cloud))
