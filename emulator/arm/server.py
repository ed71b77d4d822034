"""Azure's front doors on this machine: Azure Resource Manager and Entra's token endpoint over HTTPS.

    with ArmServer(Path(".emulator")) as azure:
        subprocess.run(["python", "-m", "upgrades", "check"], env=os.environ | azure.environment)

The unchanged Azure SDKs find it by environment variables alone: it is their HTTPS proxy, ends the tunnels to Azure's host
names itself under a certificate of its own authority, and refuses a tunnel to anywhere else.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from emulator.arm import principals, service
from emulator.arm.environment import environment
from emulator.arm.port import kept_port, open_listener
from emulator.arm.service import ArmService
from emulator.azure import ids
from emulator.azure.aks.credentials import SERVER_APPLICATION
from emulator.azure.service import Arm
from emulator.cloud.cloud import Cloud
from emulator.cloud.file import locked
from emulator.entra import directory, endpoints, tokens
from emulator.entra.endpoints import TokenService
from emulator.entra.issuer import Issuer
from emulator.entra.keys import SigningKey
from emulator.https.certificates import certificates
from emulator.https.listener import LOOPBACK, Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emulator.azure.aks.nodes import ClusterNodes
    from emulator.control_plane.stack_cluster import StackCluster
    from emulator.https.messages import Reply, Request

HOSTS = (*service.HOSTS, *endpoints.HOSTS)
"""The host names that it stands for."""


class ArmServer:
    """A context manager: listens while its block runs, on the cloud kept in `folder`.

    With `cluster`, the pools of clusters have nodes on the real control plane there, and the kubeconfigs that Azure hands out
    lead to it. What it keeps (keys, certificates, its port) is under `folder`, for its owner only.
    """

    def __init__(self, folder: Path, cluster: StackCluster | None = None) -> None:
        """Take the lab's folder and its control plane, if it has one."""
        self.folder = folder.resolve()
        self.cloud = Cloud(self.folder / "cloud.json")
        self._cluster = cluster
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

    def principal(
        self, name: str, *, roles: Iterable[str] = (), groups: Iterable[str] = (), scope: str | None = None
    ) -> Mapping[str, str]:
        """Return the variables that sign in another application instead.

        It has `roles` (by name) at a scope, the subscription unless said, and is a member of `groups` (object ids). Raises
        KeyError for a role that is not known.
        """
        return principals.sign_up(
            self.cloud, name, roles, groups, scope or f"/subscriptions/{ids.SUBSCRIPTION}"
        )

    def __enter__(self) -> Self:
        """Listen."""
        own = self.folder / "arm"
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(own / "setup"):
            files = certificates(own, [*HOSTS, "localhost", LOOPBACK])
            key = SigningKey.kept_in(own)
            secret = directory.owner_secret(own)
        arm = Arm(self.cloud, nodes=self._nodes())
        logins = TokenService(self.cloud, key, arm.tenant, secret)
        resources = ArmService(arm, key)

        def answer(request: Request) -> Reply:
            is_azure = request.host in service.HOSTS
            return resources.answer(request) if is_azure else logins.answer(request)

        self._listener = open_listener(own, files, HOSTS, answer)
        self._open.enter_context(self._listener)
        self._issuer(own, files.authority).keep(self.folder)
        self._environment = environment(
            self._listener.port, files.bundle, arm.tenant, arm.subscription, secret
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._open.close()

    def _issuer(self, own: Path, authority: Path) -> Issuer:
        """Return who vouches for tokens, at the port that is kept: a control plane outlives this server."""
        at = f"https://{LOOPBACK}:{kept_port(own)}/{ids.TENANT}"
        return Issuer(
            url=tokens.issuer(ids.TENANT),
            discovery=f"{at}/.well-known/openid-configuration",
            authority=authority.read_text(encoding="utf-8"),
            audience=SERVER_APPLICATION,
            tenant=ids.TENANT,
        )

    def _nodes(self) -> ClusterNodes | None:
        if self._cluster is None:
            return None
        from emulator.azure.aks.nodes import ClusterNodes  # noqa: PLC0415  (only with a control plane)

        return ClusterNodes(self.cloud, self._cluster)
