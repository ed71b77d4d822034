"""An emulated Azure on the wire: plain HTTPS by hand, or the real SDK in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import requests

from emulator.arm.server import ArmServer  # noqa: TC001
from emulator.azure.ids import SUBSCRIPTION, TENANT
from tests.emulator.principals import sign_up

ROOT = Path(__file__).parents[3]
ARM = "https://management.azure.com"
LOGIN = "https://login.microsoftonline.com"
AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"
TODAY = "2026-11-23"
SUB = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{SUB}/resourceGroups/rg"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
POOL = f"{CLUSTER}/agentPools/general"
AKS, RESOURCES, NETWORK, COMPUTE = "2026-08-01", "2024-03-01", "2024-05-01", "2024-07-01"
SYSTEM_POOL = {
    "name": "system",
    "mode": "System",
    "count": 2,
    "vmSize": "Standard_D2ds_v5",
    "osType": "Linux",
}
ADMINS = "6c1f0a2e-59c1-4b39-9d0e-3f0d1c1d4b11"


def cluster_body(**properties: Any) -> dict[str, Any]:
    """The body of a PUT of a cluster with one system pool, its administrators in a group of Entra."""
    wanted = {
        "kubernetesVersion": "1.35.5",
        "dnsPrefix": "aks",
        "agentPoolProfiles": [SYSTEM_POOL],
        "aadProfile": {"managed": True, "enableAzureRBAC": False, "adminGroupObjectIDs": [ADMINS]},
        "disableLocalAccounts": True,
    }
    return {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": wanted | properties,
    }


def pool_body(**properties: Any) -> dict[str, Any]:
    """The body of a PUT of a user pool."""
    return {"properties": {"mode": "User", "count": 3, "vmSize": "Standard_D4ds_v5"} | properties}


class Wire:
    """Requests to an `ArmServer`, signed in as its owner unless told otherwise."""

    def __init__(self, server: ArmServer, **login: str) -> None:
        self.server = server
        self.cloud = server.cloud
        self.environment = server.environment | login
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.proxies = {"https": self.environment["HTTPS_PROXY"]}
        self.session.verify = self.environment["REQUESTS_CA_BUNDLE"]
        self._others: list[Wire] = []

    def as_(self, name: str, **options: Any) -> Wire:
        """Return the same as another application: `roles`, `groups`, `scope`."""
        other = Wire(self.server, **sign_up(self.server.cloud, name, **options))
        self._others.append(other)
        return other

    def close(self) -> None:
        for one in (*self._others, self):
            one.session.close()

    def login(
        self, tenant: str = TENANT, path: str = "oauth2/v2.0/token", **form: str | None
    ) -> requests.Response:
        """Ask for a token."""
        said: dict[str, str | None] = {
            "grant_type": "client_credentials",
            "client_id": self.environment["AZURE_CLIENT_ID"],
            "client_secret": self.environment["AZURE_CLIENT_SECRET"],
            "scope": f"{ARM}/.default",
        }
        return self.session.post(f"{LOGIN}/{tenant}/{path}", data=said | form, timeout=30)

    def token(self, scope: str = f"{ARM}/.default") -> str:
        answer = self.login(scope=scope)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def ask(
        self,
        method: str,
        path: str,
        version: str | None = AKS,
        body: Any = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> requests.Response:
        """Send one request to Azure Resource Manager; `token` "" for none."""
        token = self.token() if token is None else token
        return self.session.request(
            method,
            path if path.startswith("https:") else ARM + path,
            params=query | ({"api-version": version} if version else {}),
            json=body,
            headers=({"Authorization": f"Bearer {token}"} if token else {}) | (headers or {}),
            timeout=30,
        )

    def get(self, path: str, version: str = AKS, **query: Any) -> Any:
        answer = self.ask("GET", path, version, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, path: str, body: Any, version: str = AKS) -> Any:
        answer = self.ask("PUT", path, version, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(
        self, method: str, path: str, version: str | None = AKS, body: Any = None, **options: Any
    ) -> tuple[int, str]:
        """Return status and code of a refusal."""
        answer = self.ask(method, path, version, body, **options)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]["code"]

    # What most tests need.

    def group(self) -> Wire:
        self.put(GROUP, {"location": "westeurope"}, RESOURCES)
        return self

    def cluster(self, **properties: Any) -> Wire:
        self.group().put(CLUSTER, cluster_body(**properties))
        return self

    def pool(self, **properties: Any) -> Wire:
        self.put(POOL, pool_body(**properties))
        return self


PRELUDE = """
import json, os
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerservice import ContainerServiceClient
client = ContainerServiceClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
clusters, pools = client.managed_clusters, client.agent_pools
def show(value):
    print(json.dumps(value))
"""


def run_sdk(wire: Wire, program: str, **environment: str | None) -> Any:
    """Run a program with the unchanged SDK in a process of its own; return what it shows. None takes a variable away."""
    clock = {"SECURE_AKS_CLOCK": TODAY}
    known = clock | wire.environment | environment
    ran = subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(program)],
        env={name: value for name, value in known.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
