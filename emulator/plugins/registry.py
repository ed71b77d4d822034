"""Which provider answers for which package."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from emulator.plugins.kubernetes import KubernetesProvider

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.cloud.cloud import Cloud
    from emulator.control_plane.stack_cluster import StackCluster
    from emulator.plugins.base import Provider


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
