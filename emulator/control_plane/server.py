"""One real Kubernetes control plane on loopback: etcd, API server, controllers, scheduler and kwok."""

from __future__ import annotations

import shutil
import socket
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from secure_aks_lifecycle.ending import there

from emulator.control_plane.builder import is_built
from emulator.control_plane.commands import LOOPBACK, Layout, command
from emulator.control_plane.nodes import NodePool, node_manifest
from emulator.control_plane.processes import ProcessError, Processes, end_detached, holder
from emulator.control_plane.users import ADMIN_GROUPS, Users
from emulator.go_modules import BuildError
from emulator.https.certificates import new_key

if TYPE_CHECKING:
    from types import TracebackType

    from emulator.control_plane.client import ApiClient

PORT_ATTEMPTS = 3
READY_SECONDS = 120.0
"""How long a part may take to be ready; it is a few seconds, unless the machine is busy."""


class ControlPlane(Users):
    """A control plane in `folder`, or in a temporary folder that goes when it ends.

    A context manager. With a folder of your own its data stays, and a later start finds it again.
    """

    def __init__(self, folder: Path | None = None, authentication: Path | None = None) -> None:
        """Take the folder, and the API server's authentication configuration where it is to take tokens of others."""
        self._authentication = authentication
        self._own_folder = folder is None
        super().__init__(Path(tempfile.mkdtemp(prefix="secure-aks-")) if folder is None else folder.resolve())
        self._processes: Processes | None = None

    def start(self, *, detached: bool = False) -> Self:
        """Start every process and wait until the API server answers and pods can be made.

        `detached` lets them run on when this process ends, until `stop` of a ControlPlane on the same folder.
        Raises BuildError where nothing is built, ProcessError where a part does not start.
        """
        try:
            self._start_on_free_ports()
        except BaseException:
            self._clean_up()
            raise
        if detached and self._processes:
            self._processes.detach()
            self._processes = None
        return self

    def _start_on_free_ports(self) -> None:
        """Start; another process may take a port between our finding it free and its use."""
        if not is_built():
            raise BuildError(f"the control plane is not built; run `{there('make')} control-plane`")
        for attempts_left in reversed(range(PORT_ATTEMPTS)):
            try:
                self._start()
            except ProcessError as error:
                self._end()
                if "address already in use" not in str(error) or not attempts_left:
                    raise
            else:
                return

    def _start(self) -> None:
        processes = self._processes = Processes(self.folder, remove=self._own_folder)
        at = self._layout()
        self._url = at.api_url
        processes.start("etcd", command("etcd", at))
        processes.start("kube-apiserver", command("kube-apiserver", at))
        # The server listens long before it answers, so a probe must not wait for ever.
        probe = self.client(timeout=2.0)
        processes.wait_for(lambda: _answers(probe, "/readyz"), "the API server", READY_SECONDS)
        kubeconfigs = {
            "kube-controller-manager": self.kubeconfig(user="system:kube-controller-manager"),
            "kube-scheduler": self.kubeconfig(user="system:kube-scheduler"),
            "kwok": self.kubeconfig(user="kwok", groups=ADMIN_GROUPS),
        }
        for name, kubeconfig in kubeconfigs.items():
            processes.start(name, command(name, at, kubeconfig))
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        processes.wait_for(lambda: _answers(probe, account), "the controller manager", READY_SECONDS)
        (self.folder / "url").write_text(self._url)

    def _layout(self) -> Layout:
        api_port, etcd_port, peer_port = _free_ports(3, self._port_before())
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
            tokens=self.write_tokens(),
            authentication=self._authentication,
        )

    def _port_before(self) -> int:
        """Return the API server's port of the last time in this folder, 0 for none: kubeconfigs name it."""
        address = self.folder / "url"
        try:
            return urlsplit(address.read_text()).port or 0
        except (FileNotFoundError, ValueError):
            return 0

    def attach(self) -> bool:
        """Use the detached control plane that runs in the folder; False where none runs."""
        address = self.folder / "url"
        if holder(self.folder) is None or not address.exists():
            return False
        self._url = address.read_text()
        return True

    def stop(self) -> None:
        """End every process of this control plane, a detached one too; harmless when none runs."""
        if self._processes is None:
            end_detached(self.folder)
        self._clean_up()

    def _clean_up(self) -> None:
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

    def add_nodes(self, pool: NodePool, count: int, first: int = 0) -> list[str]:
        """Add `count` nodes of a pool and return their names; kwok makes them Ready within a second."""
        admin = self.client()
        made = [admin.create("/api/v1/nodes", node_manifest(pool, first + number)) for number in range(count)]
        return [node["metadata"]["name"] for node in made]


def _answers(client: ApiClient, path: str) -> bool:
    try:
        status, _ = client.request("GET", path)
    except OSError:
        return False
    return status == HTTPStatus.OK


def _free_ports(count: int, first: int = 0) -> list[int]:
    """Return ports that are free now, `first` first if it is; all are held until the last is found, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        # As the servers do: connections of the last time that are not quite over do not matter.
        held[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for one, wanted in zip(held, [first, *[0] * (count - 1)], strict=True):
            try:
                one.bind((LOOPBACK, wanted))
            except OSError:
                one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
