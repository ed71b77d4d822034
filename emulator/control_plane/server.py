"""One real Kubernetes control plane on loopback: etcd, API server, controllers, scheduler and kwok."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from emulator.control_plane import commands
from emulator.control_plane.audit import AuditEvent, read_events
from emulator.control_plane.builder import BuildError, cache_folder, is_built
from emulator.control_plane.certificates import Authority, KeyPair, new_key
from emulator.control_plane.client import ApiClient
from emulator.control_plane.commands import LOOPBACK, Layout
from emulator.control_plane.kubeconfig import write_kubeconfig
from emulator.control_plane.nodes import NodePool, node_manifest
from emulator.control_plane.processes import ProcessError, Processes, end_detached, holder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

HERE = Path(__file__).parent
ADMIN = "control-plane-admin"
ADMIN_GROUPS = ("system:masters",)
PORT_ATTEMPTS = 3
READY_SECONDS = 120.0
"""How long a part may take to be ready; it is a few seconds, unless the machine is busy."""


class ControlPlane:
    """A control plane in `folder`, or in a temporary folder that goes when it ends.

    A context manager. With a folder of your own its data stays, and a later start finds it again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own_folder = folder is None
        self.folder = Path(tempfile.mkdtemp(prefix="secure-aks-")) if folder is None else folder.resolve()
        self.bin = cache_folder() / "bin"
        self.authority = Authority(self.folder / "certificates")
        self._processes: Processes | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """The API server's address, `https://127.0.0.1:<port>`; empty before the start."""
        return self._url

    def start(self, *, detached: bool = False) -> Self:
        """Start every process and wait until the API server answers and pods can be made.

        `detached` lets them run on when this process ends, until `stop` of a ControlPlane on the same folder.
        Raises BuildError where nothing is built, ProcessError where a part does not start.
        """
        if not is_built():
            raise BuildError("the control plane is not built; run `make control-plane`")
        for attempt in range(1, PORT_ATTEMPTS + 1):
            try:
                self._start()
                break
            except ProcessError as error:
                self._end()
                if "address already in use" not in str(error) or attempt == PORT_ATTEMPTS:
                    raise
            except BaseException:
                self._end()
                raise
        if detached and self._processes:
            self._processes.detach()
            self._processes = None
        return self

    def _start(self) -> None:
        processes = self._processes = Processes(self.folder, remove=self._own_folder)
        at = self._layout()
        self._url = at.api_url
        processes.start("etcd", commands.etcd(at))
        processes.start("kube-apiserver", commands.api_server(at, HERE / "audit-policy.yaml"))
        # The server listens long before it answers, so a probe must not wait for ever.
        probe = self.client(timeout=2.0)
        processes.wait_for(lambda: _answers(probe, "/readyz"), "the API server", READY_SECONDS)
        parts = {
            "kube-controller-manager": commands.controller_manager(
                at, self._component("kube-controller-manager")
            ),
            "kube-scheduler": commands.scheduler(at, self._component("kube-scheduler")),
            "kwok": commands.kwok(
                at, self.kubeconfig(user="kwok", groups=["system:masters"]), HERE / "stages.yaml"
            ),
        }
        for name, command in parts.items():
            processes.start(name, command)
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        processes.wait_for(lambda: _answers(probe, account), "the controller manager", READY_SECONDS)
        (self.folder / "url").write_text(self._url)

    def _layout(self) -> Layout:
        etcd_port, peer_port, api_port = _free_ports(3)
        hosts = ["localhost", "kubernetes", "kubernetes.default.svc"]
        key = self.folder / "certificates" / "service-accounts.key"
        if not key.exists():
            new_key(key)
        return Layout(
            bin=self.bin,
            folder=self.folder,
            etcd_port=etcd_port,
            etcd_peer_port=peer_port,
            api_port=api_port,
            authority=self.authority.files.certificate,
            server=self.authority.server("server", hosts, [LOOPBACK]),
            service_accounts=key,
        )

    def _component(self, name: str) -> Path:
        return self.kubeconfig(user=f"system:{name}")

    def attach(self) -> bool:
        """Use the detached control plane that runs in the folder; False where none runs."""
        address = self.folder / "url"
        if holder(self.folder) is None or not address.exists():
            return False
        self._url = address.read_text()
        return True

    def stop(self) -> None:
        """End every process of this control plane; harmless when none runs."""
        if self._processes is None and not self._own_folder:
            end_detached(self.folder)
        self._end()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._processes is not None:
            self._processes.end()
            self._processes = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _files(self, user: str, groups: Iterable[str] | None) -> KeyPair:
        """Return the client certificate of a user in groups, made at first use."""
        members = list(groups if groups is not None else ADMIN_GROUPS if user == ADMIN else ())
        name = hashlib.sha256(json.dumps([user, members]).encode()).hexdigest()[:16]
        return self.authority.client(name, user, members)

    def client(
        self, user: str = ADMIN, groups: Iterable[str] | None = None, timeout: float = 30.0
    ) -> ApiClient:
        """Return a client that is authenticated as `user` in `groups`; the cluster's admin unless said."""
        address = (LOOPBACK, urlsplit(self._url).port or 0)
        files = self._files(user, groups)
        return ApiClient(address, self.authority.files.certificate, files, timeout=timeout)

    def kubeconfig(
        self, path: Path | None = None, *, user: str = ADMIN, groups: Iterable[str] | None = None
    ) -> Path:
        """Write a kubeconfig for `user` in `groups` (the cluster's admin unless said) and return its path."""
        files = self._files(user, groups)
        target = path or self.folder / f"{files.certificate.stem}.kubeconfig"
        return write_kubeconfig(target, self._url, self.authority.files.certificate, user, files)

    def kubectl(
        self, *arguments: str, user: str = ADMIN, groups: Iterable[str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run the kubectl of the same release as `user`; the caller looks at the exit code."""
        config = self.kubeconfig(user=user, groups=groups)
        command = [self.bin / "kubectl", f"--kubeconfig={config}", f"--cache-dir={self.folder / 'kubectl'}"]
        return subprocess.run(
            [*command, *arguments], input=stdin, capture_output=True, text=True, check=False
        )

    def add_nodes(self, pool: NodePool, count: int, first: int = 0) -> list[str]:
        """Add `count` nodes of a pool and return their names; kwok makes them Ready within a second."""
        admin = self.client()
        made = [admin.create("/api/v1/nodes", node_manifest(pool, first + number)) for number in range(count)]
        return [node["metadata"]["name"] for node in made]

    def audit_events(self) -> list[AuditEvent]:
        """Return what the audit log holds so far, oldest first."""
        return read_events(self.folder / "audit.log")


def _answers(client: ApiClient, path: str) -> bool:
    try:
        status, _ = client.request("GET", path)
    except OSError:
        return False
    return status == 200  # noqa: PLR2004 - HTTP's OK


def _free_ports(count: int) -> list[int]:
    """Return ports that are free now; all are held until the last is found, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
