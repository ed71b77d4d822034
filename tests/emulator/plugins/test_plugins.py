"""`python -m emulator serve`, driven as an engine drives it: with the SDK's own stubs, over gRPC."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, status_pb2

from emulator.cloud.cloud import Cloud
from emulator.cloud.faults import Fault
from emulator.plugins.servers import PACKAGES, ProviderServers
from emulator.properties.values import UNKNOWN, Secret
from emulator.properties.wire import from_struct, to_struct
from tests.emulator.azure_provider import TODAY, system_profile, urn
from tests.emulator.plugins.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[ProviderServers]:
    with ProviderServers(tmp_path) as running:
        yield running


@pytest.fixture
def azure(servers: ProviderServers) -> Iterator[Engine]:
    engine = Engine(servers.ports["azure-native"])
    yield engine
    engine.close()


GROUP = urn("resources:ResourceGroup", "rg")
CLUSTER = urn("containerservice:ManagedCluster", "cluster")
POOL = urn("containerservice:AgentPool", "general")


def cluster_inputs(version: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "kubernetesVersion": version,
        "agentPoolProfiles": [system_profile()],
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
        "dnsPrefix": "aks",
    } | more


def pool_inputs(**more: Any) -> dict[str, Any]:
    return {
        "resourceGroupName": "rg",
        "resourceName": "aks",
        "agentPoolName": "general",
        "vmSize": "Standard_D4ds_v5",
        "count": 2,
    } | more


def the_whole_life(port: int) -> None:
    """Create a cluster with a pool, upgrade it, meet refusals, and delete it, as an engine would."""
    engine = Engine(port)
    engine.create(GROUP, {"resourceGroupName": "rg"})
    preview = engine.create(CLUSTER, cluster_inputs("1.35.5"), preview=True)
    assert preview[0] == ""
    assert preview[2]["fqdn"] is UNKNOWN
    cluster = engine.create(CLUSTER, cluster_inputs("1.35.5"))
    assert cluster[0].endswith("/providers/Microsoft.ContainerService/managedClusters/aks")
    pool = engine.create(POOL, pool_inputs())
    with pytest.raises(grpc.RpcError) as already:
        engine.create(POOL, pool_inputs())
    assert "cannot create already existing resource" in str(already.value)
    with pytest.raises(grpc.RpcError) as above:
        engine.update(POOL, pool, pool_inputs(orchestratorVersion="1.35.6"))
    assert 'Code="NodePoolMcVersionIncompatible"' in str(above.value)
    engine.update(CLUSTER, cluster, cluster_inputs("1.35.6"))
    assert (
        engine.update(POOL, pool, pool_inputs(orchestratorVersion="1.35.6"), preview=True)["nodeImageVersion"]
        is UNKNOWN
    )
    engine.update(POOL, pool, pool_inputs(orchestratorVersion="1.35.6"))
    read = from_struct(engine.read(POOL, pool[0]).properties)
    assert read["currentOrchestratorVersion"] == "1.35.6"
    engine.delete(POOL, pool[0])
    engine.delete(CLUSTER, cluster[0])
    assert engine.read(CLUSTER, cluster[0]).id == ""
    engine.close()


def test_a_child_process_serves_and_stops_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "emulator", "lab", "--json", "--state-dir", str(tmp_path)]
    environment = os.environ | {"SECURE_AKS_CLOCK": TODAY}
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        attach = json.loads(child.stdout.readline())["PULUMI_DEBUG_PROVIDERS"]
        ports = {
            package: int(port) for package, _, port in (item.partition(":") for item in attach.split(","))
        }
        assert tuple(ports) == PACKAGES
        the_whole_life(ports["azure-native"])
    finally:
        child.send_signal(signal.SIGTERM)
        _, errors = child.communicate()
    assert child.returncode == 0
    assert errors == ""
    assert [e["action"] for e in Cloud(tmp_path / "cloud.json").events()][-1] == "deleted"


def test_it_listens_on_the_loopback_address_only(servers: ProviderServers) -> None:
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:] if Path("/proc/net/tcp").exists() else []
    local = {int(row.split()[1].split(":")[1], 16): row.split()[1].split(":")[0] for row in listening}
    for port in servers.ports.values():
        assert local.get(port, "0100007F") == "0100007F"


def test_what_a_plugin_says_of_itself(azure: Engine) -> None:
    info = azure.stub.GetPluginInfo(Empty())
    assert info.version.startswith("3.")
    schema = json.loads(azure.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert schema["name"] == "azure-native"
    handshake = azure.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="x"))
    assert (handshake.accept_secrets, handshake.accept_resources, handshake.accept_outputs) == (
        True,
        False,
        False,
    )
    assert azure.configured.acceptSecrets
    assert azure.configured.supportsPreview
    with pytest.raises(grpc.RpcError) as refused:
        azure.stub.Parameterize(provider_pb2.ParameterizeRequest())
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_each_connection_has_its_own_configuration(servers: ProviderServers) -> None:
    port = servers.ports["azure-native"]
    engines = [
        Engine(port, {"location": place, "subscriptionId": place}) for place in ("northeurope", "eastus")
    ]
    for engine, place in zip(engines, ("northeurope", "eastus"), strict=True):
        id_, inputs, _ = engine.create(GROUP, {"resourceGroupName": "rg"})
        assert inputs["location"] == place
        assert id_ == f"/subscriptions/{place}/resourceGroups/rg"
        engine.close()


def test_configuration_by_variables(servers: ProviderServers) -> None:
    engine = Engine(servers.ports["azure-native"], {})
    engine.stub.Configure(provider_pb2.ConfigureRequest(variables={"azure-native:config:location": "eastus"}))
    assert from_struct(engine.check(GROUP, {}).inputs)["location"] == "eastus"
    engine.close()


def test_checking_and_changing_a_configuration_replaces_nothing(azure: Engine) -> None:
    news = to_struct({"location": "eastus"})
    assert azure.stub.CheckConfig(provider_pb2.CheckRequest(news=news)).inputs == news
    response = provider_pb2.DiffResponse
    diff = azure.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=to_struct({"location": "x"}), news=news))
    assert (diff.changes, list(diff.replaces)) == (response.DIFF_SOME, [])
    assert (
        azure.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=news, news=news)).changes
        == response.DIFF_NONE
    )


def test_failures_of_a_check(azure: Engine) -> None:
    failures = azure.check(POOL, {}).failures
    assert [f.property for f in failures] == ["resourceGroupName", "resourceName"]


def test_a_diff_in_detail(azure: Engine) -> None:
    azure.create(GROUP, {"resourceGroupName": "rg"})
    made = azure.create(CLUSTER, cluster_inputs("1.35.5"))
    kinds = provider_pb2.PropertyDiff
    diff = azure.diff(CLUSTER, made, cluster_inputs("1.35.6", tags={"a": "b"}))
    assert diff.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert sorted(diff.diffs) == ["kubernetesVersion", "tags"]
    assert {k: v.kind for k, v in diff.detailedDiff.items()} == {
        "kubernetesVersion": kinds.UPDATE,
        "tags": kinds.ADD,
    }
    assert list(diff.replaces) == []
    replaced = azure.diff(CLUSTER, made, cluster_inputs("1.35.5", dnsPrefix="other"))
    assert list(replaced.replaces) == ["dnsPrefix"]
    assert replaced.detailedDiff["dnsPrefix"].kind == kinds.UPDATE_REPLACE
    assert replaced.deleteBeforeReplace
    assert azure.diff(CLUSTER, made, cluster_inputs("1.35.5")).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_secrets_stay_secret_and_never_reach_the_cloud_as_such(azure: Engine, tmp_path: Path) -> None:
    inputs = {"resourceGroupName": "rg", "tags": {"token": Secret("s3cret"), "plain": "x"}}
    _, checked, outputs = azure.create(GROUP, inputs)
    assert checked["tags"] == {"token": Secret("s3cret"), "plain": "x"}
    assert outputs["tags"] == {"token": Secret("s3cret"), "plain": "x"}
    stored = Cloud(tmp_path / "cloud.json").of_type("Microsoft.Resources/resourceGroups")[0]
    assert stored.properties["tags"] == {"token": "s3cret", "plain": "x"}
    read = azure.read(GROUP, stored.id, checked)
    assert from_struct(read.inputs)["tags"]["token"] == Secret("s3cret")
    assert from_struct(read.properties)["tags"]["token"] == Secret("s3cret")


def test_unknowns_go_in_and_out_of_a_preview(azure: Engine) -> None:
    checked = azure.check(CLUSTER, cluster_inputs("1.35.6", resourceGroupName=UNKNOWN))
    assert from_struct(checked.inputs)["resourceGroupName"] is UNKNOWN
    request = provider_pb2.CreateRequest(urn=CLUSTER, properties=checked.inputs, preview=True)
    outputs = from_struct(azure.stub.Create(request).properties)
    assert outputs["currentKubernetesVersion"] is UNKNOWN
    assert outputs["kubernetesVersion"] == "1.35.6"


def test_a_create_that_ends_as_failed_is_kept_and_tried_again(azure: Engine, tmp_path: Path) -> None:
    """As azure-native does: without it the next `up` would find the resource there and could never go on."""
    azure.create(GROUP, {"resourceGroupName": "rg"})
    azure.create(CLUSTER, cluster_inputs("1.35.5"))
    Cloud(tmp_path / "cloud.json").inject(Fault("fails", "*/agentPools/*", on="put"))
    with pytest.raises(grpc.RpcError) as failed:
        azure.create(POOL, pool_inputs())
    assert "ended in the state Failed" in str(failed.value.details())
    error: Any = failed.value  # grpc's stubs know metadata only as text
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    kept = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(kept)
    assert kept.id.endswith("/agentPools/general")
    assert [reason for reason in kept.reasons if "Failed" in reason]
    made = kept.id, from_struct(kept.inputs), from_struct(kept.properties)
    assert azure.update(POOL, made, pool_inputs())["provisioningState"] == "Succeeded"


def test_functions_and_their_errors(azure: Engine) -> None:
    assert set(azure.invoke("azure-native:authorization:getClientConfig", {})) == {
        "clientId",
        "objectId",
        "subscriptionId",
        "tenantId",
    }
    with pytest.raises(grpc.RpcError) as unknown:
        azure.invoke("azure-native:web:getWebApp", {})
    assert "does not know the function azure-native:web:getWebApp" in str(unknown.value)


def test_a_defect_is_an_error_of_one_line_and_not_the_end(
    azure: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(grpc.RpcError) as defect:
        azure.stub.Create(provider_pb2.CreateRequest(urn="nonsense"))
    assert "defect of the emulator: IndexError" in str(defect.value.details())
    assert "\n" not in str(defect.value.details())
    assert "Traceback" in capfd.readouterr().err
    azure.create(GROUP, {"resourceGroupName": "rg"})


def test_the_directory_and_kubernetes_are_served_too(servers: ProviderServers) -> None:
    entra = Engine(servers.ports["azuread"], {})
    group = "urn:pulumi:dev::secure-aks::azuread:index/group:Group::devs"
    id_, _, outputs = entra.create(group, {"displayName": "devs", "securityEnabled": True})
    assert id_ == f"/groups/{outputs['objectId']}"
    entra.close()
    kubernetes = Engine(servers.ports["kubernetes"], {})
    namespace = "urn:pulumi:dev::secure-aks::kubernetes:core/v1:Namespace::team"
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}}
    assert kubernetes.create(namespace, manifest)[0] == "team"
    kubernetes.close()


def test_a_package_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        ProviderServers(tmp_path, ["aws"])
