"""The command line of each process of a control plane (`commands.yaml` has the options)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from emulator.https.certificates import KeyPair

LOOPBACK = "127.0.0.1"
HERE = Path(__file__).parent


class Layout(NamedTuple):
    """Where the parts of one control plane are."""

    bin: Path
    folder: Path
    etcd_port: int
    etcd_peer_port: int
    api_port: int
    authority: Path
    server: KeyPair
    service_accounts: Path
    tokens: Path
    authentication: Path | None = None
    """Whose tokens the API server takes besides (`--authentication-config`)."""
    host: str = LOOPBACK

    @property
    def etcd_url(self) -> str:
        """The address of etcd, TLS with client certificates."""
        return f"https://{self.host}:{self.etcd_port}"

    @property
    def peer_url(self) -> str:
        """The address for other members of etcd, of which there are none."""
        return f"https://{self.host}:{self.etcd_peer_port}"

    @property
    def api_url(self) -> str:
        """The address of the API server."""
        return f"https://{self.host}:{self.api_port}"


@cache
def _options() -> dict[str, Any]:
    return load_yaml(HERE / "commands.yaml")


def command(name: str, at: Layout, kubeconfig: Path | None = None) -> list[str]:
    """Return the command of a process; all but etcd and the API server itself call that by a kubeconfig."""
    options = [option.format(at=at, kubeconfig=kubeconfig, here=HERE) for option in _options()[name]]
    if name == "kube-apiserver" and at.authentication:
        options.append(f"--authentication-config={at.authentication}")
    return [str(at.bin / name), *options]
