"""Tokens of the emulated Entra at a real API server: who is in the admin group may all, everybody else nothing."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Any

import pytest

from components.parts.kubeconfig import exec_kubeconfig
from emulator.arm.discovery import authentication_file
from emulator.arm.server import ArmServer
from emulator.azure.aks.nodes import ClusterNodes
from emulator.cloud.cloud import Cloud
from emulator.control_plane.builder import build
from emulator.control_plane.stack_cluster import StackCluster
from emulator.entra.kubelogin import write_command
from tests.emulator.arm.wire import ADMINS, CLUSTER, ROOT, TODAY, Wire, cluster_body
from tests.emulator.principals import sign_up

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = pytest.mark.control_plane


class Lab:
    """A lab with a control plane and one cluster, whose kubeconfig goes through kubelogin."""

    def __init__(self, folder, cluster: StackCluster, wire: Wire) -> None:
        self.folder, self.cluster, self.wire = folder, cluster, wire
        self.kubeconfig = folder / "kubeconfig"

    def handed_out(self) -> dict[str, Any]:
        """What Azure hands out for people."""
        answer = self.wire.ask("POST", f"{CLUSTER}/listClusterUserCredential", format="exec")
        return json.loads(base64.b64decode(answer.json()["kubeconfigs"][0]["value"]))

    def ask(self, program: str, **login: str) -> Any:
        """Run a program with the Kubernetes client, as whoever `login` signs in; return what it shows."""
        text = """
            import json
            from kubernetes import client, config
            from kubernetes.client.rest import ApiException
            config.load_kube_config()
            core, rbac = client.CoreV1Api(), client.RbacAuthorizationV1Api()
            def show(call):
                try:
                    print(json.dumps([200, call()]))
                except ApiException as error:
                    print(json.dumps([error.status, json.loads(error.body)["message"]]))
        """
        path = f"{write_command(self.folder / 'bin').parent}{os.pathsep}{os.environ['PATH']}"
        more = {"PATH": path, "KUBECONFIG": str(self.kubeconfig)}
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(text) + textwrap.dedent(program)],
            env=os.environ | self.wire.environment | more | login,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    build(sys.__stderr__ or sys.stderr)
    cluster = StackCluster(folder, "lab", authentication_file(folder))
    nodes = ClusterNodes(Cloud(folder / "cloud.json"), cluster)
    with pytest.MonkeyPatch.context() as patch, ArmServer(folder, nodes) as server:
        patch.setenv("SECURE_AKS_CLOCK", TODAY)
        wire = Wire(server)
        try:
            made = Lab(folder, cluster, wire)
            wire.cluster()
            wait_for(wire)
            text = base64.b64encode(json.dumps(made.handed_out()).encode()).decode()
            made.kubeconfig.write_text(exec_kubeconfig(text, "aks", "azurecli"), encoding="utf-8")
            yield made
            assert server.faults == []
        finally:
            cluster.end()
            wire.close()


def wait_for(wire: Wire) -> dict[str, Any]:
    """Wait until the operation on the cluster is over, as a client of Azure does."""
    while True:
        found = wire.get(CLUSTER)
        if found["properties"]["provisioningState"] not in ("Creating", "Updating", "Upgrading"):
            return found
        time.sleep(0.1)


LIST = "show(lambda: [n.metadata.name for n in core.list_namespace().items])"


def test_the_admin_group_gets_in_and_may_all(lab: Lab) -> None:
    status, names = lab.ask(LIST, **sign_up(lab.wire.server.cloud, "an administrator", groups=[ADMINS]))
    assert status == 200
    assert "kube-system" in names


def test_whoever_is_in_no_group_is_known_and_may_nothing(lab: Lab) -> None:
    login = sign_up(lab.wire.server.cloud, "a stranger")
    status, message = lab.ask(LIST, **login)
    assert status == 403
    assert 'cannot list resource "namespaces"' in message
    assert 'User "' in message


@pytest.mark.soak
def test_the_owner_of_the_subscription_is_no_administrator_of_the_cluster(lab: Lab) -> None:
    assert lab.ask(LIST)[0] == 403


def test_a_group_of_entra_is_none_of_kubernetes_own(lab: Lab) -> None:
    assert lab.ask(LIST, **sign_up(lab.wire.server.cloud, "an intruder", groups=["system:masters"]))[0] == 401


@pytest.mark.soak
def test_a_token_for_azure_resource_manager_is_no_login_to_the_cluster(lab: Lab) -> None:
    program = f"""
        core.api_client.configuration.api_key = {{"authorization": "Bearer {lab.wire.token()}"}}
        core.api_client.configuration.refresh_api_key_hook = None
        {LIST}
    """
    assert lab.ask(program)[0] == 401


def test_the_kubeconfig_leads_to_the_api_server_itself(lab: Lab) -> None:
    cluster = lab.handed_out()["clusters"][0]["cluster"]
    running = lab.cluster.ensure()
    assert cluster["server"] == running.url
    assert (
        base64.b64decode(cluster["certificate-authority-data"])
        == running.authority.files.certificate.read_bytes()
    )


def test_the_binding_follows_the_cluster(lab: Lab) -> None:
    other = "0d4c9b6e-0c47-4a1a-8b0b-6c9b2f0f6a51"
    binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/aks-cluster-admin-binding-aad"
    admin = lab.cluster.ensure().client()
    profile = {"managed": True, "enableAzureRBAC": False}
    try:
        lab.wire.put(CLUSTER, cluster_body(aadProfile=profile | {"adminGroupObjectIDs": [other]}))
        wait_for(lab.wire)
        assert [s["name"] for s in admin.get(binding)["subjects"]] == [other]
        status, _ = lab.ask(LIST, **sign_up(lab.wire.server.cloud, "a former administrator", groups=[ADMINS]))
        assert status == 403
    finally:
        lab.wire.put(CLUSTER, cluster_body())
        wait_for(lab.wire)
    assert [s["name"] for s in admin.get(binding)["subjects"]] == [ADMINS]


def test_a_lab_that_is_entered_again_goes_on_with_the_same_control_plane(lab: Lab) -> None:
    login = sign_up(lab.wire.server.cloud, "an administrator", groups=[ADMINS])
    port = lab.wire.server.port
    lab.wire.server.__exit__()
    try:
        with ArmServer(lab.folder) as again:
            assert again.port == port
            status, _ = lab.ask(LIST, **login)
            assert status == 200
    finally:
        lab.wire.server.__enter__()
