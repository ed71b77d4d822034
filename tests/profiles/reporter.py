"""The reporter of a loader, run for real against an API server."""

import json
import subprocess

from components.profiles.names import NAMESPACE, SERVICE_ACCOUNT
from tests.profiles.helpers import SCRIPTS, tool


class Reporter:
    """The reporter of the loader on one node: its own token, its own script, the real API server."""

    def __init__(self, control_plane, admin, kind, mine, other, tmp_path):
        bound = {
            "kind": "Pod",
            "apiVersion": "v1",
            "name": mine["metadata"]["name"],
            "uid": mine["metadata"]["uid"],
        }
        path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{SERVICE_ACCOUNT}/token"
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"boundObjectRef": bound},
        }
        self.token = admin.create(path, request)["status"]["token"]
        self.folder = tmp_path
        self.url = control_plane.url
        self.authority = control_plane.authority.files.certificate
        self.node, self.kind = mine["spec"]["nodeName"], kind
        self.other = other
        for name in ("account", "status", "state"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "account" / "api-token").write_text(self.token)
        (tmp_path / "account" / "ca.crt").write_bytes(self.authority.read_bytes())

    def run(self, loaded, node=None, verb="once"):
        (self.folder / "status" / "loaded").write_text(
            "".join(f"{name} {value}\n" for name, value in loaded.items())
        )
        host, _, port = self.url.removeprefix("https://").partition(":")
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/bin",
            "KUBERNETES_SERVICE_HOST": host,
            "KUBERNETES_SERVICE_PORT": port,
            "NODE_NAME": node or self.node,
            "DOMAIN": f"{self.kind}.secure-aks",
            "ACCOUNT": str(self.folder / "account"),
            "STATUS": str(self.folder / "status"),
            "STATE": str(self.folder / "state"),
        }
        command = ["sh", str(SCRIPTS / "report.sh"), verb]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def patch(self, body, node=None):
        """Patch a node with the same token, past the script; return the status and the message."""
        done = subprocess.run(
            [tool("curl"), "-sS", "--cacert", str(self.authority), "-X", "PATCH", "-H", f"Authorization: Bearer {self.token}",
             "-H", "Content-Type: application/merge-patch+json", "-d", json.dumps(body), "-w", "\n%{http_code}",
             f"{self.url}/api/v1/nodes/{node or self.node}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        text, _, code = done.stdout.rpartition("\n")
        return int(code), json.loads(text).get("message", "")
