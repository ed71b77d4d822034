"""What Azure refuses of a first `up`, and of those after it, one by one; each refusal names its source where it stands.

Two need an API server: its 403 is in tests/emulator/entra/test_control_plane.py, nodes that are set aside in
tests/emulator/control_plane/test_pools.py, a PUT over two hours is waited for in tests/emulator/plugins/test_waiting_and_pulling.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emulator.cloud.faults import Fault
from emulator.errors import ProviderError
from emulator.plugins.kubernetes import KubernetesProvider
from tests.emulator.azure_provider import Azure, Made, refused
from tests.emulator.plugins.test_waiting_and_pulling import DAEMONS, loader

if TYPE_CHECKING:
    from collections.abc import Callable

EMULATOR = Path(__file__).parents[3] / "emulator"
WINDOWS = {"osType": "Windows", "osSKU": "Windows2025"}


@pytest.fixture
def made(azure: Azure) -> tuple[Made, Made]:
    """A cluster and a pool that is a patch behind."""
    return azure.cluster("1.35.5"), azure.pool(orchestratorVersion="1.35.4")


def lock(azure: Azure, scope: str, level: str) -> Made:
    return azure.create("authorization:ManagementLockByScope", "lock", scope=scope, lockName="l", level=level)


def test_windows_2025_wants_fips(azure: Azure, made: tuple[Made, Made]) -> None:
    with refused("InvalidParameter", "Windows2025 node pools have FIPS-enabled images only"):
        azure.pool("win", **WINDOWS)
    azure.pool("win", **WINDOWS, enableFIPS=True)


def test_a_drain_takes_five_minutes_to_a_day(azure: Azure, made: tuple[Made, Made]) -> None:
    for minutes in (4, 1441):
        with refused("InvalidParameter", "drainTimeoutInMinutes is invalid"):
            azure.update(made[1], upgradeSettings={"drainTimeoutInMinutes": minutes})
    for minutes in (5, 1440):
        azure.update(made[1], upgradeSettings={"drainTimeoutInMinutes": minutes})


@pytest.mark.parametrize("kind", ["cluster", "pool"])
def test_what_failed_moves_nowhere_but_to_where_it_was_to_go(
    azure: Azure, made: tuple[Made, Made], kind: str
) -> None:
    which, key, end, wanted, other = {
        "cluster": (made[0], "kubernetesVersion", "managedClusters/aks", "1.35.6", "1.35.7"),
        "pool": (made[1], "orchestratorVersion", "agentPools/general", "1.35.5", "1.35.6"),
    }[kind]
    if kind == "pool":
        azure.update(made[0], kubernetesVersion="1.35.6")
    azure.cloud.inject(Fault("fails", f"*/{end}"))
    with refused("InternalOperationError"):
        azure.update(which, **{key: wanted})
    with refused("OperationNotAllowed", "the provisioning state is Failed"):
        azure.update(which, **{key: other})
    azure.update(which, **{key: wanted})
    azure.update(which, **{key: other})


def test_while_an_operation_is_under_way_no_other_is_taken(azure: Azure, made: tuple[Made, Made]) -> None:
    azure.cloud.inject(Fault("stuck", "*/agentPools/general", on="put"))
    with pytest.raises(ProviderError, match="deadline"):
        azure.update(made[1], count=3)
    with refused("OperationNotAllowed", "general - Updating"):
        azure.update(made[0], tags={"a": "b"})


def test_a_stopped_cluster_and_its_pools_are_not_changed(azure: Azure, made: tuple[Made, Made]) -> None:
    azure.cloud.edit(made[0].id, {"powerState": {"code": "Stopped"}})
    for change in (lambda: azure.update(made[0], tags={"a": "b"}), lambda: azure.update(made[1], count=3)):
        with refused("OperationNotAllowed", "(Stopped) power state"):
            change()


def test_a_lock_keeps_from_writing_or_deleting(azure: Azure, made: tuple[Made, Made]) -> None:
    held = lock(azure, made[0].id, "ReadOnly")
    with refused("ScopeLocked", "cannot perform write operation"):
        azure.update(made[1], count=3)
    azure.delete(held)
    lock(azure, made[0].id, "CanNotDelete")
    azure.update(made[1], count=3)
    with refused("ScopeLocked", "cannot perform delete operation"):
        azure.delete(made[1])
    azure.update(made[0], kubernetesVersion="1.35.6")
    azure.update(made[1], orchestratorVersion="1.35.6")


@pytest.mark.parametrize(
    ("whose", "level"),
    [("the nodes'", "CanNotDelete"), ("the nodes'", "ReadOnly"), ("the cluster's", "CanNotDelete")],
)
@pytest.mark.parametrize("kind", ["cluster", "pool"])
def test_a_lock_on_a_group_of_the_cluster_keeps_from_upgrading(
    azure: Azure, made: tuple[Made, Made], level: str, kind: str, whose: str
) -> None:
    subscription, _, own = made[0].id.partition("/resourceGroups/")
    group = made[0].outputs["nodeResourceGroup"] if whose == "the nodes'" else own.partition("/")[0]
    held = lock(azure, f"{subscription}/resourceGroups/{group}", level)
    upgrade: Callable[[], object] = {
        "cluster": lambda: azure.update(made[0], kubernetesVersion="1.35.6"),
        "pool": lambda: azure.update(made[1], orchestratorVersion="1.35.5"),
    }[kind]
    azure.update(made[1], tags={"a": "b"})
    with refused("ScopeLocked", group):
        upgrade()
    azure.delete(held)
    upgrade()


def test_an_image_that_the_kubelet_may_not_pull_is_told_at_the_loader(
    azure: Azure, made: tuple[Made, Made]
) -> None:
    inside = KubernetesProvider(lambda: azure.cloud)
    inside.configure({"clusterIdentifier": made[0].id})
    said = {"resourceGroupName": "rg", "registryName": "contoso", "sku": {"name": "Basic"}}
    azure.create("containerregistry:Registry", "contoso", **said)
    with pytest.raises(ProviderError, match=r"ImagePullBackOff: .*401 Unauthorized"):
        inside.create(DAEMONS, loader(), preview=False)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("plugins/pulls.py", 'AKS documentation, "Authenticate with Azure Container Registry"'),
        ("azure/aks/refusals.yaml", 'AKS documentation, "Enable FIPS for AKS node pools"'),
        ("azure/aks/refusals.yaml", "the REST API's specification of 2025-09-01"),
        ("control_plane/pools.py", 'AKS documentation,\n"Upgrade options for AKS clusters"'),
        ("azure/aks/version_rules.py", 'AKS documentation, "Troubleshoot common issues"'),
        ("azure/errors.yaml", "https://aka.ms/aks-pending-operation"),
        ("azure/aks/power.py", 'AKS docs, "Stop and start an AKS cluster"'),
        ("azure/resources/locks.py", 'Microsoft Learn, "Lock your resources to protect your infrastructure"'),
        ("azure/resources/locks.py", "AKS documentation"),
        ("plugins/azure_native/provider.py", "unless `customTimeouts` say otherwise (its documentation)"),
    ],
)
def test_each_names_its_source(file: str, names: str) -> None:
    assert names in (EMULATOR / file).read_text("utf-8")
