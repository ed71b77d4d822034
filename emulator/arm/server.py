"""Azure's front doors on this machine: Azure Resource Manager and Entra's token endpoint over HTTPS.

    with ArmServer(Path(".emulator")) as azure:
        subprocess.run(["python", "-m", "upgrades", "check"], env=os.environ | azure.environment)

The unchanged Azure SDKs find it by environment variables alone: it is their HTTPS proxy, ends the tunnels to Azure's host
names itself under a certificate of its own authority, and refuses a tunnel to anywhere else.
"""

from __future__ import annotations

import ssl
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import UnsupportedAlgorithm

from emulator.arm import service
from emulator.arm.discovery import write_authentication
from emulator.arm.environment import environment
from emulator.arm.service import ArmService
from emulator.azure.service import Arm
from emulator.cloud.cloud import Cloud
from emulator.cloud.file import FileError, locked, read
from emulator.entra import directory, endpoints
from emulator.entra.endpoints import TokenService
from emulator.entra.keys import SigningKey
from emulator.https.certificates import Authority, write_bundle
from emulator.https.listener import LOOPBACK, Listener
from emulator.https.port import kept_port, open_listener

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from emulator.azure.aks.nodes import ClusterNodes
    from emulator.https.messages import Reply, Request

HOSTS = (*service.HOSTS, *endpoints.HOSTS)
"""The host names that it stands for."""


class ArmServer:
    """A context manager: listens while its block runs, on the cloud kept in `folder`.

    What it keeps (keys, certificates, its port) is under `folder`, for its owner only.
    """

    def __init__(self, folder: Path, nodes: ClusterNodes | None = None) -> None:
        """Take the lab's folder, and what keeps the nodes of its clusters where they have any."""
        self.folder = folder.resolve()
        self.cloud = Cloud(self.folder / "cloud.json")
        self._nodes = nodes
        self._open = ExitStack()
        self._listener: Listener | None = None
        self._environment: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs, beside its own environment, to find this Azure; it is signed in as the subscription's owner."""
        return dict(self._environment)

    @property
    def port(self) -> int:
        """The port it listens on, on the loopback address. Raises RuntimeError before it does."""
        if self._listener is None:
            raise RuntimeError("the server does not run: enter it first")
        return self._listener.port

    @property
    def faults(self) -> list[str]:
        """Tracebacks of requests that a defect of the lab answered with 500; empty is right."""
        return list(self._listener.faults) if self._listener else []

    def __enter__(self) -> Self:
        """Listen. Raises FileError for a damaged file of the lab."""
        own = self.folder / "arm"
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.cloud.view()  # a damaged one is told here, not as a fault of whoever asks for a token
        for kept in own.rglob("*"):
            if not kept.is_dir():
                read(kept)  # a pipe that nobody writes to is told, not waited for
        with _readable(own), locked(own / "setup"):  # two labs of one folder make its files once
            authority = Authority(own / "certificates", "secure-aks-lab")
            certificate = authority.server("azure", (*HOSTS, "localhost"), (LOOPBACK,))
            vouches, bundle = authority.files.certificate, own / "bundle.pem"
            write_bundle(bundle, vouches)
            key = SigningKey(own)
            secret = directory.owner_secret(own)
        arm = Arm(self.cloud, nodes=self._nodes)
        logins = TokenService(self.cloud, key, arm.tenant, secret)
        resources = ArmService(arm, key)

        def answer(request: Request) -> Reply:
            is_azure = request.host in service.HOSTS
            return resources.answer(request) if is_azure else logins.answer(request)

        with _readable(own):
            self._listener = open_listener(own, certificate, vouches, HOSTS, answer)
        self._open.enter_context(self._listener)
        # The port that is kept, which another run may have: an API server outlives this server.
        write_authentication(self.folder, kept_port(own), vouches)
        self._environment = environment(self._listener.port, bundle, secret)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._open.close()


@contextmanager
def _readable(folder: Path) -> Generator[None]:
    """Tell in one line of a key or certificate that was damaged. Raises FileError."""
    try:
        yield
    except (ValueError, TypeError, ssl.SSLError, UnsupportedAlgorithm, IsADirectoryError):
        raise FileError(
            f"{folder}: a key, certificate or secret of the lab is not as it was made; delete this folder to make new ones"
        ) from None
