"""The real SDKs, in a process of their own that has nothing but the server's environment."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from emulator.azure import ids
from emulator.entra.endpoints import MANAGEMENT

if TYPE_CHECKING:
    from emulator.arm.server import ArmServer
    from tests.emulator.azure_provider import Azure

HEAD = """
import json, os
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerservice import ContainerServiceClient
client = ContainerServiceClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
def listed(path, version="2024-05-01", **query):
    answer = client.send_request(HttpRequest("GET", path, params={"api-version": version, **query}))
    answer.raise_for_status()
    return answer.json()["value"]
def show(value):
    print(json.dumps(value, default=str))
"""
ARM = "https://management.azure.com"
SUBSCRIPTION = f"/subscriptions/{ids.SUBSCRIPTION}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"


@dataclass
class Lab:
    """An emulated Azure and the server in front of it."""

    azure: Azure
    server: ArmServer

    def run(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", HEAD + code],
            env={**self.server.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def sdk(self, code: str, **more: str) -> Any:
        """What the code shows."""
        ran = self.run(code, **more)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def client(self) -> httpx.Client:
        """A client that trusts the server and goes through it, without a login."""
        context = ssl.create_default_context(cafile=str(self.server.authority))
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 asks of a certificate
        return httpx.Client(proxy=self.server.environment["HTTPS_PROXY"], verify=context, trust_env=False)

    def get(self, path: str, token: str | None = "", **query: str) -> httpx.Response:
        """GET a path of ARM with a good token, a token or (None) none."""
        token = self.server.entra.tokens.issue(MANAGEMENT[0], {}) if token == "" else token
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        query = {"api-version": "2025-09-01"} | {k.replace("_", "-"): v for k, v in query.items()}
        with self.client() as client:
            return client.get(ARM + path, headers=headers, params={k: v for k, v in query.items() if v})

    def put(self, path: str, body: Any) -> httpx.Response:
        """PUT a body with a good token."""
        headers = {"Authorization": f"Bearer {self.server.entra.tokens.issue(MANAGEMENT[0], {})}"}
        with self.client() as client:
            return client.put(ARM + path, headers=headers, params={"api-version": "2025-09-01"}, json=body)
