"""The lab: everything around a Pulumi engine on this machine, and the environment in which programs find it.

    with Lab(Path(".emulator")) as lab:
        subprocess.run(["pulumi", "preview", ...], env=lab.around(os.environ))

Azure Resource Manager and Entra's tokens over HTTPS, the plugins over gRPC, a file backend with a passphrase of its own,
`kubelogin` and the engine on PATH; with `control_plane` a real API server behind the cluster, and the real Kubernetes provider.
What it keeps is in its folder; its servers listen on the loopback address and end with it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from emulator.arm.discovery import authentication_file
from emulator.arm.environment import UNSET
from emulator.arm.server import ArmServer
from emulator.azure.aks.nodes import ClusterNodes
from emulator.cloud import file as cloud_file
from emulator.cloud.clock import now
from emulator.cloud.cloud import Cloud
from emulator.control_plane.stack_cluster import StackCluster
from emulator.engine.find import need_cli, need_kubernetes_provider
from emulator.engine.language_host.install import (
    LANGUAGE_HOST,
    install_language_host,
    language_host_environment,
)
from emulator.engine.programs import cli_module
from emulator.engine.states import look_whole
from emulator.entra.kubelogin import write_command as write_kubelogin
from emulator.errors import OperationError, ProviderError
from emulator.plugins.servers import PACKAGES, VARIABLE, ProviderServers

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER_VARIABLE = "SECURE_AKS_EMULATOR_DIR"
"""Variable that names another folder than `.emulator` for what the lab keeps."""
_NO_SIDECARS = "metadata=skip"
"""Go CDK's fileblob rewrites a sidecar beside each state in place; a program that reads its stack then may find it empty ("EOF")."""
_CLUSTER = "lab"
"""Name of the lab's one control plane in its folder."""


def lab_folder(project: Path, given: Path | None = None) -> Path:
    """Return where a project's lab is kept: `given`, SECURE_AKS_EMULATOR_DIR, or `.emulator` in the project."""
    return Path(given or os.environ.get(FOLDER_VARIABLE) or project / ".emulator").resolve()


class Lab:
    """Azure, Entra, an engine and on request a cluster, for as long as the `with` block runs.

    Raises BuildError when what is missing cannot be built; progress of a build goes to `out`.
    """

    def __init__(self, folder: Path, *, control_plane: bool = False, out: TextIO | None = None) -> None:
        self.folder = folder.resolve()
        self.cluster = StackCluster(self.folder, _CLUSTER, authentication_file(self.folder))
        """The control plane; it goes on running between labs until the cluster is destroyed."""
        self.mends = False
        """Whether what runs in it mends states, which then need not be whole."""
        self._has_cluster = control_plane or self.cluster.is_kept
        self._out = out or sys.stderr
        self._open = ExitStack()
        self._environment: dict[str, str] = {}

    @property
    def environment(self) -> Mapping[str, str]:
        """What the lab sets in the environment of a process; `around` has all of it."""
        return self._environment

    def around(self, outer: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a process in the lab: the outer one, less what would lead past the lab."""
        return {name: value for name, value in outer.items() if name not in UNSET} | dict(self._environment)

    @property
    def backend(self) -> Path:
        """The folder of the engine's state."""
        return self.folder / "backend"

    def __enter__(self) -> Self:
        """Put everything up. Raises UsageError for a clock that is set to no day, by which nothing could be answered, OperationError for a PULUMI_HOME of no use, FileError for a damaged file of the lab."""
        now()
        _make_pulumi_home(os.environ.get("PULUMI_HOME", ""))
        self.backend.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.mends:
            look_whole(self.backend)
        with ExitStack() as opening:
            cluster = self.cluster if self._has_cluster else None
            nodes = ClusterNodes(Cloud(self.folder / "cloud.json"), cluster) if cluster else None
            arm = opening.enter_context(ArmServer(self.folder, nodes))
            path = [*self._programs(), os.environ.get("PATH", "")]
            if cluster is not None and nodes is not None:
                is_new = not cluster.is_kept
                _started(cluster)
                if is_new:
                    nodes.catch_up()
            packages = [name for name in PACKAGES if name != "kubernetes" or cluster is None]
            servers = opening.enter_context(ProviderServers(self.folder, packages, cluster))
            self._environment = {
                **arm.environment,
                VARIABLE: servers.attach,
                "PATH": os.pathsep.join(str(part) for part in path),
                "PULUMI_BACKEND_URL": f"{self.backend.as_uri()}?{_NO_SIDECARS}",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                **language_host_environment(),
                **self._passphrase(),
            }
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the servers down."""
        self._open.close()

    def _programs(self) -> list[Path]:
        """Return the folders that go before PATH, with the programs that PATH lacks."""
        own = self.folder / "bin"
        own.mkdir(parents=True, exist_ok=True)
        engine = need_cli(self._out).path.parent
        write_kubelogin(own)
        if engine == cli_module().bin:
            install_language_host(engine)  # the engine warns of one that is not beside it
        elif not shutil.which(LANGUAGE_HOST):
            install_language_host(own)
        folders = [own, engine]
        if self._has_cluster and (provider := need_kubernetes_provider(self._out)):
            folders.append(provider)
        return folders

    def _passphrase(self) -> dict[str, str]:
        """Return what the state's secrets are encrypted with: the caller's own passphrase, else one kept in the folder."""
        if any(name in os.environ for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")):
            return {}
        file = self.folder / "passphrase"
        if not cloud_file.read(file):
            cloud_file.replace(file, secrets.token_urlsafe(24))
        return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}


def _started(cluster: StackCluster) -> None:
    """Start the control plane, or use the one that runs. Raises OperationError, in one line: what its parts wrote is in its logs."""
    try:
        cluster.ensure()
    except ProviderError as error:
        why = str(error).partition("\n")[0].removesuffix(":")
        way = (
            f"its logs are in {cluster.folder / 'logs'}; delete {cluster.folder.parent} to start the lab anew"
        )
        raise OperationError(f"{why}; {way if cluster.is_kept else 'run again'}") from None


def _make_pulumi_home(folder: str) -> None:
    """Make the folder that the CLI wants for itself, and would only say that it cannot make. Raises OperationError."""
    try:
        if folder:
            Path(folder).expanduser().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OperationError(
            f"PULUMI_HOME={folder}: {error.strerror}: Pulumi cannot make its own folder; name another one, or unset it"
        ) from None
