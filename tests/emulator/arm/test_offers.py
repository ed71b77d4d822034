"""An offer is what a PUT would take: nothing more, nothing less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.azure.aks.versions import minors, show
from emulator.azure.errors import ArmError
from emulator.azure.service import Arm
from emulator.azure.types import AGENT_POOL, MANAGED_CLUSTER
from emulator.cloud.cloud import Cloud
from tests.emulator.arm.wire import CLUSTER, POOL, pool_body

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire

ALL = [show(p) for m in minors() for p in m.patches]


def would_take(wire: Wire, path: str, versions: list[str]) -> set[str]:
    """Return the versions that a PUT takes, each tried on a copy of the cloud."""
    kind, key = (
        (AGENT_POOL, "orchestratorVersion")
        if "/agentPools/" in path
        else (MANAGED_CLUSTER, "kubernetesVersion")
    )
    taken: set[str] = set()
    for version in versions:
        copy = Cloud()
        with copy.change() as state:
            state.resources.update(wire.cloud.view().resources)
        found = copy.get(path)
        assert found is not None
        body = {k: v for k, v in found.properties.items() if k not in kind.computed} | {key: version}
        try:
            Arm(copy).put(kind, path, body)
        except ArmError:
            continue
        taken.add(version)
    return taken


@pytest.mark.parametrize("version", ["1.34.8", "1.35.5", "1.36.2"])
def test_a_control_plane_is_offered_what_it_may_have(azure: Wire, version: str) -> None:
    azure.cluster(kubernetesVersion=version)
    profile = azure.get(f"{CLUSTER}/upgradeProfiles/default")["properties"]
    offered = {u["kubernetesVersion"] for u in profile["controlPlaneProfile"]["upgrades"]}
    assert profile["controlPlaneProfile"]["kubernetesVersion"] == version
    assert offered == would_take(azure, CLUSTER, ALL) - {version}


@pytest.mark.parametrize("version", ["1.34.8", "1.35.4", "1.35.5"])
@pytest.mark.parametrize("settings", [{}, {"pool_skips_minors": True}])
def test_a_pool_is_offered_what_it_may_have(azure: Wire, version: str, settings: dict[str, bool]) -> None:
    azure.cloud.configure(**settings)
    azure.cluster().pool(orchestratorVersion=version)
    profile = azure.get(f"{POOL}/upgradeProfiles/default")["properties"]
    offered = {u["kubernetesVersion"] for u in profile.get("upgrades", [])}
    assert offered == would_take(azure, POOL, ALL) - {version}
    assert profile["latestNodeImageVersion"].startswith("AKSUbuntu-")


def test_a_new_pool_may_have_what_is_listed(azure: Wire) -> None:
    azure.cluster()
    rows = azure.get(f"{CLUSTER}/availableAgentPoolVersions")["properties"]["agentPoolVersions"]
    listed = {r["kubernetesVersion"] for r in rows}
    assert [r["kubernetesVersion"] for r in rows if r.get("default")] == ["1.35.5"]
    for version in ("1.33.9", "1.34.9", "1.35.5", "1.35.6", "1.36.2"):
        answer = azure.ask("PUT", POOL, body=pool_body(orchestratorVersion=version))
        assert (answer.status_code == 201) == (version in listed), version
        azure.ask("DELETE", POOL)


def test_a_region_lists_minors_with_their_patches(azure: Wire) -> None:
    path = f"{CLUSTER.partition('/resourceGroups/')[0]}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions"
    rows = {r["version"]: r for r in azure.get(path)["values"]}
    assert rows["1.36"]["capabilities"]["supportPlan"] == ["KubernetesOfficial", "AKSLongTermSupport"]
    assert rows["1.33"]["capabilities"]["supportPlan"] == ["AKSLongTermSupport"]
    assert [v for v, r in rows.items() if r.get("isDefault")] == ["1.35"]
    assert "1.35.6" in rows["1.35"]["patchVersions"]["1.35.5"]["upgrades"]
    assert "1.31" in rows
    assert "1.30" not in rows
