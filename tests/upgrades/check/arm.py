"""A server on loopback that answers as Azure Resource Manager does, and the clusters it has."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from upgrades.observe.azure.patience import Patience
from upgrades.observe.azure.reader import Azure

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
_PROVIDER = "providers/Microsoft.ContainerService/managedClusters"
REGION = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions"


class Arm:
    """Answers by path; each answer is a body, or (status, body, headers), or a list of those to give in turn; ("wait", seconds) is none."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.methods: list[tuple[str, str]] = []
        arm = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = urlsplit(self.path).path.lower()
                arm.asked.append(self.path)
                arm.methods.append((self.command, self.path))
                status, body, headers = arm.answer(path)
                if status == "wait":
                    time.sleep(body)
                    self.close_connection = True
                    return
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # noqa: N815  # the base class looks for this name

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.region(**{"1.36": ["1.36.2"]})
        self.locked()

    def answer(self, path: str) -> tuple[Any, Any, dict[str, str]]:
        found = self.answers.get(path)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if found is None:
            return 404, {"error": {"code": "ResourceNotFound", "message": f"nothing at {path}"}}, {}
        if isinstance(found, tuple):
            return found[0], found[1], dict(found[2]) if len(found) > 2 else {}
        return 200, found, {}

    def put(self, path: str, answer: Any) -> None:
        self.answers[path.lower()] = answer

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def region(self, **minors: list[str]) -> None:
        """Say what the region offers, patches by minor."""
        values = [
            {
                "version": minor,
                "isPreview": None,
                "patchVersions": {patch: {"upgrades": None} for patch in patches},
            }
            for minor, patches in minors.items()
        ]
        self.put(REGION, {"values": values})

    def has(self, *clusters: dict[str, Any]) -> None:
        """List clusters, each with its pools."""
        self.put(f"/subscriptions/{SUBSCRIPTION}/{_PROVIDER}", {"value": list(clusters)})
        for item in clusters:
            self.put(item["id"], item)
            pools = [
                {"id": f"{item['id']}/agentPools/{one['name']}", "name": one["name"], "properties": one}
                for one in item["properties"]["agentPoolProfiles"]
            ]
            self.put(f"{item['id']}/agentPools", {"value": pools})

    def locked(self, *rows: dict[str, Any]) -> None:
        """Say which resource locks the subscription has."""
        self.put(
            f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/locks", {"value": list(rows)}
        )

    def offers(self, cluster: dict[str, Any], control_plane: list[str], **pools: list[str]) -> None:
        """Say what Azure offers; a pool's newest image is always of 2026-11-20."""
        upgrades = [{"kubernetesVersion": one, "isPreview": None} for one in control_plane]
        self.put(
            f"{cluster['id']}/upgradeProfiles/default",
            {"properties": {"controlPlaneProfile": {"osType": "Linux", "upgrades": upgrades}}},
        )
        for name, versions in pools.items():
            self.put(
                f"{cluster['id']}/agentPools/{name}/upgradeProfiles/default",
                {
                    "properties": {
                        "osType": "Linux",
                        "upgrades": [{"kubernetesVersion": one} for one in versions] or None,
                        "latestNodeImageVersion": "AKSUbuntu-2404gen2containerd-202611.20.0",
                    }
                },
            )


def azure(arm: Arm | str, **options: Any) -> Azure:
    """Return a subscription that this server has; without TLS the SDK hands out no token, so it is asked for none."""
    url = arm if isinstance(arm, str) else arm.url
    retry = Patience(retry_backoff_factor=0.05)
    given = {
        "authentication_policy": SansIOHTTPPolicy(),
        "credential": object(),
        "retry_policy": retry,
        **options,
    }
    return Azure(SUBSCRIPTION, base_url=url, **given)


def pool(name: str, version: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "mode": "User",
        "osType": "Linux",
        "osSKU": "Ubuntu2404",
        "count": 3,
        "vmSize": "Standard_D4ds_v5",
        "orchestratorVersion": version,
        "currentOrchestratorVersion": version,
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "nodeImageVersion": "AKSUbuntu-2404gen2containerd-202611.20.0",
        "upgradeSettings": {"maxSurge": "33%"},
        **more,
    }


def lock(scope: str, level: str = "CanNotDelete", name: str = "keep") -> dict[str, Any]:
    id_ = f"{scope}/providers/Microsoft.Authorization/locks/{name}"
    return {"id": id_, "name": name, "type": "Microsoft.Authorization/locks", "properties": {"level": level}}


def cluster(name: str, version: str, *pools: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-{name}/{_PROVIDER}/{name}",
        "name": name,
        "location": "westeurope",
        "type": "Microsoft.ContainerService/ManagedClusters",
        "properties": {
            "kubernetesVersion": version,
            "currentKubernetesVersion": version,
            "provisioningState": "Succeeded",
            "powerState": {"code": "Running"},
            "supportPlan": "KubernetesOfficial",
            "nodeResourceGroup": f"MC_{name}",
            "agentPoolProfiles": list(pools),
            **more,
        },
    }
