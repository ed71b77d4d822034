"""The emulator's providers for a real engine, instead of its plugins.

With PULUMI_DEBUG_PROVIDERS="azure-native:43215,azuread:33271" in its environment the engine attaches to these providers and
looks for no plugin. They listen on the loopback address only, one port a package.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from emulator.plugins.kubernetes import KubernetesProvider
from emulator.plugins.provider import ProviderServicer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from emulator.cloud.cloud import Cloud
    from emulator.control_plane.stack_cluster import StackCluster
    from emulator.plugins.base import Provider

PACKAGES = ("azure-native", "azuread", "kubernetes")
"""What is served unless told otherwise: every package of the program."""
VARIABLE = "PULUMI_DEBUG_PROVIDERS"
_THREADS = 16
_GRACE = 2.0
"""Seconds that calls under way get when the server stops."""
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024), ("grpc.so_reuseport", 0)]


def factories(folder: Path | None, cluster: StackCluster | None = None) -> dict[str, Callable[[], Provider]]:
    """Return what makes the provider of each package; those of Azure share the cloud kept in `folder`, or an empty one for None.

    With `cluster`, the pools of Azure's clusters have nodes on the real control plane there.
    """

    @cache
    def cloud() -> Cloud:
        from emulator.cloud.cloud import Cloud  # noqa: PLC0415 - only when the program uses it

        return Cloud(folder / "cloud.json" if folder else None)

    def azure() -> Provider:
        from emulator.plugins.azure_native import AzureProvider  # noqa: PLC0415

        if cluster is None:
            return AzureProvider(cloud())
        from emulator.azure.aks.nodes import ClusterNodes  # noqa: PLC0415

        return AzureProvider(cloud(), ClusterNodes(cloud(), cluster))

    def entra() -> Provider:
        from emulator.plugins.azuread import EntraProvider  # noqa: PLC0415

        return EntraProvider(cloud())

    return {
        "azure-native": azure,
        "azuread": entra,
        "kubernetes": lambda: KubernetesProvider(cloud),
    }


class ProviderServers:
    """Servers for some packages, on the cloud kept in `folder`; a context manager.

        with ProviderServers(folder) as servers:
            os.environ["PULUMI_DEBUG_PROVIDERS"] = servers.attach

    Raises KeyError for a package that the emulator has no provider for.
    """

    def __init__(
        self, folder: Path, packages: Iterable[str] = PACKAGES, cluster: StackCluster | None = None
    ) -> None:
        self.ports: dict[str, int] = {}
        """The port of each package, once started."""
        made = factories(folder, cluster)
        self._makers = {package: made[package] for package in packages}
        self._servers: list[grpc.Server] = []

    @property
    def attach(self) -> str:
        """What `PULUMI_DEBUG_PROVIDERS` has to be."""
        return ",".join(f"{package}:{port}" for package, port in self.ports.items())

    def __enter__(self) -> Self:
        """Start listening."""
        for package, make in self._makers.items():
            server = grpc.server(ThreadPoolExecutor(_THREADS, thread_name_prefix=package), options=_OPTIONS)
            servicer = ProviderServicer(package, version(f"pulumi-{package}"), make)
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            self.ports[package] = server.add_insecure_port("127.0.0.1:0")
            server.start()
            self._servers.append(server)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: no new calls, those under way may end."""
        stopping = [server.stop(_GRACE) for server in self._servers]
        for event in stopping:
            event.wait()
