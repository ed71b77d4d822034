"""What an engine meets last: that nobody waits for ever for Azure, and that the nodes may not pull the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from emulator.cloud.cloud import Cloud
from emulator.errors import ProviderError
from emulator.plugins.kubernetes import KubernetesProvider
from emulator.plugins.servers import ProviderServers
from emulator.properties.wire import to_struct
from tests.emulator.plugins.engine import Engine
from tests.emulator.plugins.test_plugins import CLUSTER, GROUP, POOL, cluster_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.azure_provider import Azure

IMAGE = "contoso.azurecr.io/secure-aks/profile-loader@sha256:" + "0" * 64
DAEMONS = "urn:pulumi:dev::demo::kubernetes:apps/v1:DaemonSet::loader"


def loader(image: str = IMAGE) -> dict[str, Any]:
    pods = {
        "initContainers": [{"name": "files", "image": "mcr.microsoft.com/x"}],
        "containers": [{"image": image}],
    }
    spec = {"template": {"spec": pods}}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "loader"}, "spec": spec}


def test_a_change_of_more_than_two_hours_takes_limits_of_its_own(tmp_path: Path) -> None:
    with ProviderServers(tmp_path, ["azure-native"]) as servers:
        engine = Engine(servers.ports["azure-native"])
        engine.create(GROUP, {"resourceGroupName": "rg"})
        engine.create(CLUSTER, cluster_inputs("1.35.5"))
        # An operation of 0.3 s takes three hundred of the lab's minutes.
        Cloud(tmp_path / "cloud.json").configure(operation_seconds=0.3, minute_seconds=0.001)

        def put(name: str, seconds: float) -> Any:
            said = {
                "resourceGroupName": "rg",
                "resourceName": "aks",
                "agentPoolName": name,
                "count": 1,
                "vmSize": "Standard_D4ds_v5",
            }
            request = provider_pb2.CreateRequest(urn=POOL, properties=to_struct(said), timeout=seconds)
            return engine.stub.Create(request)

        with pytest.raises(grpc.RpcError) as refusal:
            put("one", 0)
        assert "context deadline exceeded after 120 minutes" in str(refusal.value)
        error: Any = refusal.value
        made = dict(error.trailing_metadata())
        assert (
            b"ErrorResourceInitFailed" in made["grpc-status-details-bin"]
        )  # it is in the state all the same
        assert put("two", 600 * 60).id.endswith("/agentPools/two")
        engine.close()


@pytest.fixture
def nodes(azure: Azure) -> tuple[Azure, KubernetesProvider]:
    """A cluster, and the provider of what is inside it."""
    inside = KubernetesProvider(lambda: azure.cloud)
    inside.configure({"clusterIdentifier": azure.cluster().id})
    return azure, inside


def test_an_image_is_pulled_by_a_kubelet_that_may(nodes: tuple[Azure, KubernetesProvider]) -> None:
    azure, inside = nodes
    inside.create(DAEMONS, loader(), preview=False)  # a registry of somebody else: nothing is known of it
    registry = azure.create(
        "containerregistry:Registry",
        "contoso",
        resourceGroupName="rg",
        registryName="contoso",
        sku={"name": "Basic"},
    )
    inside.create(DAEMONS, loader(), preview=True)
    with pytest.raises(
        ProviderError, match=r"ImagePullBackOff: .*contoso\.azurecr\.io/oauth2/token: 401 Unauthorized"
    ):
        inside.create(DAEMONS, loader(), preview=False)
    inside.create(DAEMONS, loader("mcr.microsoft.com/y"), preview=False)

    cluster = azure.cloud.of_type("Microsoft.ContainerService/managedClusters")[0]
    kubelet = cluster.properties["identityProfile"]["kubeletidentity"]["objectId"]
    role = "/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    azure.create(
        "authorization:RoleAssignment",
        "pull",
        scope=registry.id,
        roleDefinitionId=role,
        principalId=kubelet,
        principalType="ServicePrincipal",
    )
    inside.create(DAEMONS, loader(), preview=False)
    azure.create(
        "containerregistry:Registry",
        "b",
        resourceGroupName="rg",
        registryName="other1",
        sku={"name": "Basic"},
    )
    with pytest.raises(ProviderError, match="ImagePullBackOff"):
        inside.update(DAEMONS, "loader", {}, loader("other1.azurecr.io/x"), preview=False)
