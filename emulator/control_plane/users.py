"""The ways into a control plane: clients, kubeconfig files and kubectl, each as a user in groups."""

from __future__ import annotations

import hashlib
import json
import secrets
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emulator.cloud.file import replace
from emulator.control_plane.builder import module
from emulator.control_plane.client import ApiClient
from emulator.control_plane.commands import LOOPBACK
from emulator.https.certificates import Authority, KeyPair

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ADMIN = "control-plane-admin"
ADMIN_GROUPS = ("system:masters",)


class Users:
    """Whoever is asked for exists: a client certificate is made at first use. The cluster's admin is the default."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = module().bin
        self.authority = Authority(folder / "certificates")
        self._url = ""

    @property
    def url(self) -> str:
        """The API server's address, `https://127.0.0.1:<port>`; empty before the start."""
        return self._url

    def _files(self, user: str, groups: Iterable[str] | None) -> KeyPair:
        """Return the client certificate of a user in groups, made at first use."""
        members = list(groups if groups is not None else ADMIN_GROUPS if user == ADMIN else ())
        name = hashlib.sha256(json.dumps([user, members]).encode()).hexdigest()[:16]
        return self.authority.client(name, user, members)

    def admin_token(self) -> str:
        """Return the token of the cluster's own administrator."""
        return self.write_tokens().read_text().partition(",")[0]

    def write_tokens(self) -> Path:
        """Return the file with the admin's token, in the form the API server reads; it is made at first use."""
        path = self.authority.folder / "tokens.csv"
        if not path.exists():
            groups = ",".join(ADMIN_GROUPS)
            replace(path, f'{secrets.token_urlsafe(32)},{ADMIN},{ADMIN},"{groups}"\n')
        return path

    def client(
        self,
        user: str = ADMIN,
        groups: Iterable[str] | None = None,
        *,
        impersonate: tuple[str, tuple[str, ...]] | None = None,
        timeout: float = 30.0,
    ) -> ApiClient:
        """Return a client that is authenticated as `user` in `groups`; the cluster's admin unless said.

        `impersonate` is a user and groups to act as, where the one who signs in may; `timeout` is in seconds.
        """
        address = (LOOPBACK, urlsplit(self._url).port or 0)
        # The server checks a certificate's signature at every request; a token spares it a third of its work.
        is_admin = user == ADMIN and groups is None
        credentials = self.admin_token() if is_admin else self._files(user, groups)
        return ApiClient(address, self.authority.files.certificate, credentials, impersonate, timeout)

    def kubeconfig(
        self, path: Path | None = None, *, user: str = ADMIN, groups: Iterable[str] | None = None
    ) -> Path:
        """Write a kubeconfig for `user` in `groups` (the cluster's admin unless said) and return its path."""
        files = self._files(user, groups)
        target = path or self.folder / f"{files.certificate.stem}.kubeconfig"
        return _write_kubeconfig(target, self._url, self.authority.files.certificate, user, files)

    def kubectl(
        self, *arguments: str, user: str = ADMIN, groups: Iterable[str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run the kubectl of the same release as `user`; the caller looks at the exit code."""
        config = self.kubeconfig(user=user, groups=groups)
        command = [self.bin / "kubectl", f"--kubeconfig={config}", f"--cache-dir={self.folder / 'kubectl'}"]
        return subprocess.run(
            [*command, *arguments], input=stdin, capture_output=True, text=True, check=False
        )


def _write_kubeconfig(path: Path, url: str, authority: Path, user: str, files: KeyPair) -> Path:
    """Write a kubeconfig with one cluster, one user and one context, readable by its owner only.

    The certificates are named by their paths, so the file holds no secret of its own.
    """
    credentials = {"client-certificate": str(files.certificate), "client-key": str(files.key)}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "emulated", "cluster": {"server": url, "certificate-authority": str(authority)}}
        ],
        "users": [{"name": user, "user": credentials}],
        "contexts": [{"name": "emulated", "context": {"cluster": "emulated", "user": user}}],
        "current-context": "emulated",
    }
    # JSON is YAML; kubectl reads and rewrites it.
    replace(path, json.dumps(content, indent=2))
    return path
