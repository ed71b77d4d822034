"""The emulated Azure at the addresses of the real one, for whoever has the environment of this server.

    with ArmServer(folder) as server:
        subprocess.run(command, env={**os.environ, **server.environment})

The unchanged SDKs call management.azure.com and login.microsoftonline.com through the proxy that HTTPS_PROXY names. It ends
TLS itself, with a certificate of an authority of its own, and lets nothing through to any other host.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

import certifi

from emulator.arm.discovery import Discovery
from emulator.arm.messages import Request, Response
from emulator.arm.proxy import Proxy
from emulator.arm.resource_manager import HOST, ResourceManager
from emulator.azure import ids
from emulator.azure.service import Arm
from emulator.cloud import file as cloud_file
from emulator.cloud.cloud import Cloud
from emulator.control_plane.certificates import Authority
from emulator.entra.endpoints import HOSTS, Entra

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType

    from emulator.azure.aks.nodes import ClusterNodes

_LOOPBACK = "127.0.0.1,localhost,::1"


UNSET = ("https_proxy", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "AZURE_AUTHORITY_HOST")
"""Variables that would lead a child past this server: take them out of its environment."""


class ArmServer:
    """ARM and Entra's login of the cloud in `folder/cloud.json`, while the context lasts."""

    def __init__(self, folder: Path, nodes: ClusterNodes | None = None) -> None:
        """Take the lab's folder, and what keeps the nodes of its clusters where they have any."""
        own, cloud = folder / "arm", Cloud(folder / "cloud.json")
        with cloud_file.locked(own / "files"), _readable(own):  # two labs of one folder make its keys once
            self.entra = Entra(own, cloud)
            authority = Authority(own / "certificates", "secure-aks-lab")
            pair = authority.server("azure", (HOST, *HOSTS), ())
            self.authority = authority.files.certificate
            """The certificate of its authority alone, PEM."""
            self.trusted = own / "trusted.pem"
            """That certificate and all that are trusted anyway, PEM."""
            trusted = Path(certifi.where()).read_text("utf-8") + self.authority.read_text("utf-8")
            cloud_file.replace(self.trusted, trusted)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(pair.certificate, pair.key)
        self._manager = ResourceManager(Arm(cloud, nodes=nodes), self.entra.tokens)
        self._discovery = Discovery(folder, self.entra, authority)
        self._proxy: Proxy | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Listen on a free port, and for API servers on the one of the last time."""
        self._discovery.__enter__()
        sites = {HOST: self._manager.answer, **dict.fromkeys(HOSTS, self._login)}
        self._proxy = Proxy(sites, self._context)
        self._thread = threading.Thread(target=self._proxy.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and end every connection."""
        if self._proxy is not None and self._thread is not None:
            self._proxy.shutdown()
            self._thread.join()
            self._proxy.server_close()
            self._discovery.__exit__()
        self._proxy = None

    @property
    def environment(self) -> dict[str, str]:
        """What leads the SDKs here and logs them in as the emulated principal. Raises RuntimeError when not entered.

        HTTPS_PROXY stands in upper case alone: gRPC reads the one in lower case, for connections that are not ours.
        """
        if self._proxy is None:
            raise RuntimeError("the server does not run: enter it first")
        return {
            "HTTPS_PROXY": self._proxy.url,
            "NO_PROXY": _LOOPBACK,
            "no_proxy": _LOOPBACK,
            "REQUESTS_CA_BUNDLE": str(self.trusted),
            "SSL_CERT_FILE": str(self.trusted),
            "AZURE_TENANT_ID": ids.TENANT,
            "AZURE_CLIENT_ID": ids.CLIENT,
            "AZURE_CLIENT_SECRET": self.entra.secret,
            "AZURE_SUBSCRIPTION_ID": ids.SUBSCRIPTION,
            "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",  # no other login is looked for on the network
        }

    def _login(self, request: Request) -> Response:
        form = request.form() if request.method == "POST" else {}
        status, body = self.entra.answer(request.method, request.path, form)
        return Response(status, body, {"Cache-Control": "no-store"})


@contextlib.contextmanager
def _readable(folder: Path) -> Generator[None]:
    """Tell in one line of a key or certificate that was damaged."""
    try:
        yield
    except (ValueError, TypeError, OSError) as error:
        why = ascii(" ".join(str(error).split()))[1:-1][:200]
        raise cloud_file.FileError(
            f"{folder}: a key or certificate of the lab cannot be read ({why}); delete this folder to make new ones"
        ) from None
